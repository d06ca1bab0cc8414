// Records runs of the embedded model for the tests of the preview's page: node scripts/record-preview.mjs
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, run } from './run.mjs';
import { setUp } from './setup.mjs';

setUp();
const program = join(root, 'out', 'browser', 'record.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/browser/record.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['sharp', 'vscode'],
  logLevel: 'warning',
});
run(process.execPath, [program, root]);
