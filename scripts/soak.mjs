// Runs the soak: npm run soak -- [minutes] [--seed N]
import { join } from 'node:path';
import { build } from 'esbuild';
import { root, run } from './run.mjs';
import { setUp } from './setup.mjs';

setUp();
const program = join(root, 'out', 'soak', 'soak.cjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/soak/main.ts'],
  outfile: program,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
});
run(process.execPath, [program, ...process.argv.slice(2)]);
