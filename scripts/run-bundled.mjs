// Runs a TypeScript program of the tests.
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { nodeBundle } from './bundling.mjs';
import { root, run } from './run.mjs';

/**
 * Bundles the program at `entry`, a path below the root, and runs it with this terminal; when it fails, this process
 * ends with its exit code.
 */
export async function runBundled(entry, { args = [], environment = {} } = {}) {
  const program = join(root, 'out', 'programs', `${basename(entry, '.ts')}.cjs`);
  await build({
    ...nodeBundle,
    entryPoints: [entry],
    outfile: program,
    sourcemap: 'inline',
    external: ['playwright-core', 'sharp'],
  });
  run(process.execPath, ['--enable-source-maps', program, ...args], {
    env: { ...process.env, ...environment },
  });
}
