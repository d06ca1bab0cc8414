// Runs a TypeScript program of the tests.
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { root, run } from './run.mjs';

/**
 * Bundles the program at `entry`, a path below the root, and runs it with this terminal; when it fails, this process
 * ends with its exit code.
 */
export async function runBundled(entry, { args = [], environment = {} } = {}) {
  const program = join(root, 'out', 'programs', `${basename(entry, '.ts')}.cjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: program,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    sourcemap: 'inline',
    sourcesContent: false,
    external: ['playwright-core', 'sharp'],
    logLevel: 'warning',
  });
  run(process.execPath, ['--enable-source-maps', program, ...args], {
    env: { ...process.env, ...environment },
  });
}
