// Bundles the tests that run inside VS Code, and the stand-in for its executable.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { nodeBundle } from './bundling.mjs';
import { root } from './run.mjs';

const host = join(root, 'test', 'host');

const common = { ...nodeBundle, sourcemap: 'inline' };

/**
 * Builds the tests of one folder of `test/host` into the folder `out`.
 * @returns {Promise<{ tests: string, code: string }>} the module with the tests, and the executable.
 */
export async function buildHostTests(out, folder = 'suite') {
  const tests = join(out, 'tests.cjs');
  const code = join(out, 'code.cjs');
  const suites = readdirSync(join(host, folder)).filter((name) => name.endsWith('.test.ts'));
  await Promise.all([
    build({
      ...common,
      // The files of the suite want Mocha's interface in place, so `runTests` loads them when it is.
      stdin: {
        contents: `import { runTests } from './runner.ts';
          export const run = () => runTests(() => { ${suites.map((name) => `require('./${folder}/${name}');`).join(' ')} });`,
        resolveDir: host,
      },
      external: ['vscode'],
      // Mocha's parallel mode, which is not used, looks for its files.
      logOverride: { 'require-resolve-not-external': 'silent' },
      outfile: tests,
    }),
    build({
      ...common,
      entryPoints: [join(host, 'vscode', 'code.ts')],
      external: ['playwright-core'],
      banner: { js: '#!/usr/bin/env node' },
      outfile: code,
    }),
  ]);
  return { tests, code };
}
