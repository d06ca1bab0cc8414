/** Where the parts of this installation lie. The command line runs as one bundle, `dist/cli.cjs`. */
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The bundle of the engine process, beside this one. */
export const engineHostPath = join(__dirname, 'engine-host.cjs');

/** The model package that ships with OneFlow. */
export const embeddedModelDirectory = join(__dirname, '..', 'models', 'oneflow-mini');

/** The documents that `oneflow bench` runs on. */
export const benchDocuments: readonly string[] = ['tomato-soup', 'pot-a-plant', 'the-little-boat'].map(
  (name) => join(__dirname, '..', 'examples', `${name}.md`),
);

/** Where measurements of this machine are kept: a folder of our own in the one that the system has for caches. */
export function cacheDirectory(
  platform = process.platform,
  environment = process.env,
  home = homedir(),
): string {
  switch (platform) {
    case 'win32':
      return join(environment['LOCALAPPDATA'] ?? join(home, 'AppData', 'Local'), 'oneflow', 'Cache');
    case 'darwin':
      return join(home, 'Library', 'Caches', 'oneflow');
    default: {
      // A relative path is to be ignored: XDG Base Directory Specification.
      const caches = environment['XDG_CACHE_HOME'] ?? '';
      return join(isAbsolute(caches) ? caches : join(home, '.cache'), 'oneflow');
    }
  }
}
