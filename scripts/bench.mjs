// Measures this machine with the embedded model and stores the numbers, with what the machine is, in test/bench/.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';
import { setUp } from './setup.mjs';

setUp();
const { status, stdout } = spawnSync(process.execPath, [join(root, 'dist', 'cli.cjs'), 'bench', '--json'], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
if (status !== 0) process.exit(status ?? 1);
const report = JSON.parse(stdout);
const file = join('test', 'bench', `${report.machine.platform}-${report.machine.cores}-cores.json`);
mkdirSync(join(root, 'test', 'bench'), { recursive: true });
writeFileSync(join(root, file), `${JSON.stringify(report, null, 2)}\n`);
console.log(file);
