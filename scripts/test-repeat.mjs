// Runs what has chance or time in it over and over, each time with another seed: the property tests, and the tests
// inside VS Code. Ends with the first failure.
//   npm run test:repeat -- 3      three times each; ten without a number
// The seed of each time is printed; ONEFLOW_TEST_SEED sets that of the first, here and for every other npm script that
// runs tests, and each further time takes the next one.
import { randomInt } from 'node:crypto';
import { env, exit } from 'node:process';
import { runTool } from './run.mjs';
import { setUp } from './setup.mjs';
import { runLeg } from './vscode-leg.mjs';

const [count = '10', ...rest] = process.argv.slice(2);
if (!/^[1-9]\d*$/.test(count) || rest.length > 0) {
  console.error('test:repeat: say how often, or nothing for ten times.');
  exit(2);
}
const times = Number(count);
const firstSeed = Number(env.ONEFLOW_TEST_SEED ?? randomInt(1e8));

setUp();
for (let time = 1; time <= times; time += 1) {
  begin('property tests', time);
  runTool('vitest/vitest.mjs', ['run', '--project', 'unit', 'test/property']);
}
for (let time = 1; time <= times; time += 1) {
  begin('VS Code', time);
  if (!(await runLeg({ leg: 'latest' }))) exit(1);
}

/** Says what begins, and gives its seed to the tests: they inherit the environment. */
function begin(what, time) {
  env.ONEFLOW_TEST_SEED = String(firstSeed + time - 1);
  console.error(`\n== ${what}, ${time} of ${times}, with ONEFLOW_TEST_SEED=${env.ONEFLOW_TEST_SEED}`);
}
