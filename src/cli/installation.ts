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

/**
 * Where measurements of this machine are kept: a folder of our own in the one that the system has for caches; undefined
 * where it has none.
 */
export function cacheDirectory(
  platform = process.platform,
  environment = process.env,
  home = homedir,
): string | undefined {
  const inHome = (...parts: string[]): string | undefined => {
    const folder = pathFrom(home);
    return isAbsolute(folder) ? join(folder, ...parts) : undefined;
  };
  switch (platform) {
    case 'win32': {
      const caches = environment['LOCALAPPDATA'] ?? inHome('AppData', 'Local');
      return caches && join(caches, 'oneflow', 'Cache');
    }
    case 'darwin':
      return inHome('Library', 'Caches', 'oneflow');
    default: {
      // A relative path is to be ignored: XDG Base Directory Specification.
      const caches = environment['XDG_CACHE_HOME'] ?? '';
      return isAbsolute(caches) ? join(caches, 'oneflow') : inHome('.cache', 'oneflow');
    }
  }
}

/** Empty where there is none: in a container a user may have neither a HOME nor an entry in the list of users. */
function pathFrom(home: () => string): string {
  try {
    return home();
  } catch {
    return '';
  }
}
