// Runs what has chance or time in it ten times: the property tests, and the tests inside VS Code. Ends with the first
// failure.
import { runTool } from './run.mjs';
import { setUp } from './setup.mjs';
import { runLeg } from './vscode-leg.mjs';

const times = 10;

setUp();
for (let time = 1; time <= times; time += 1) {
  console.error(`\n== property tests, ${time} of ${times}`);
  runTool('vitest/vitest.mjs', ['run', '--project', 'unit', 'test/property']);
}
for (let time = 1; time <= times; time += 1) {
  console.error(`\n== VS Code, ${time} of ${times}`);
  if (!(await runLeg({ leg: 'latest' }))) process.exit(1);
}
