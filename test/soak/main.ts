/** `npm run soak -- [minutes] [--seed N]`: the soak on the built engine. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { soak } from './soak.js';

const { values, positionals } = parseArgs({
  options: { seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const minutes = Number(positionals[0] ?? 60);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  console.error('Usage: npm run soak -- [minutes] [--seed N]');
  process.exit(2);
}

console.log(`${minutes} min, seed ${seed}`);
void soak({
  hostPath: path.resolve('dist/engine-host.cjs'),
  modelDirectory: path.resolve('test/fixtures/engine/tiny-model'),
  seconds: minutes * 60,
  rounds: 1,
  seed,
}).then(({ complete, interrupted, failed, kills, growth, lost, leaked }) => {
  for (const problem of [...lost, ...leaked]) console.log(problem);
  console.log(`${complete + interrupted + failed} runs: ${complete} complete, ${interrupted} interrupted,`);
  console.log(`  ${failed} failed cleanly; ${kills} processes killed`);
  console.log(`growth: heap ${growth.heap.toFixed(1)} MB, engine ${growth.engine.toFixed(1)} MB,`);
  console.log(`  ${growth.handles} handles, ${growth.listeners} listeners`);
  console.log(`${lost.length} lost, ${leaked.length} leaked`);
  process.exitCode = lost.length + leaked.length === 0 ? 0 : 1;
});
