// Every check of this repository but the training's own: types, lint, format, all tests. The set-up
// has built what the tests run.
import { join } from 'node:path';
import { root, run, runTool } from './run.mjs';
import { setUp } from './setup.mjs';
import { canHost } from './vscode-host.mjs';

const steps = [
  // The preview's page and its tests see a browser's types, everything else Node's.
  ...['.', 'media', 'test/browser'].map((project) => [
    `types of ${project}`,
    () => runTool('typescript/bin/tsc', ['--noEmit', '-p', project]),
  ]),
  ['lint', () => runTool('eslint/bin/eslint.js', ['.'])],
  ['format', () => runTool('prettier/bin/prettier.cjs', ['--check', '.', '--log-level', 'warn'])],
  ['tests', () => runTool('vitest/vitest.mjs', ['run'])],
  ['in VS Code', () => runScript('test-host.mjs')],
];
const packageSteps = [
  ['the package, as an author uses it', () => runScript('workbench.mjs', 'acceptance')],
  ['the package, in trouble', () => runScript('workbench.mjs', 'faults')],
];

setUp();
for (const [name, step] of canHost ? [...steps, ...packageSteps] : steps) {
  console.error(`\n== ${name}`);
  const start = performance.now();
  step();
  console.error(`== ${name}: good, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
if (!canHost) console.error('\n== the package is driven on Linux x64 alone: left out here');

function runScript(name, ...args) {
  run(process.execPath, [join(root, 'scripts', name), ...args]);
}
