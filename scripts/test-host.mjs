// Runs the tests of the extension inside real VS Code builds.
//   npm run test:host -- [latest] [old] [--grep TEXT]      (both legs, without a name)
//   npm run bench:editor      how long the extension keeps the extension host busy
// Where there is a display, the desktop builds are downloaded. Elsewhere (a container, continuous integration) the same
// VS Code runs as a server, with its workbench in a Chromium without a window.
import { parseArgs } from 'node:util';
import { setUp } from './setup.mjs';
import { legs } from './vscode-host.mjs';
import { runLeg } from './vscode-leg.mjs';

const { values, positionals } = parseArgs({
  options: { grep: { type: 'string', default: '' }, folder: { type: 'string', default: 'suite' } },
  allowPositionals: true,
});
const wanted = positionals.length > 0 ? positionals : Object.keys(legs);
const unknown = wanted.filter((leg) => !(leg in legs));
if (unknown.length > 0) {
  console.error(
    `test:host: no leg is called ${unknown.join(', ')}; there are ${Object.keys(legs).join(', ')}.`,
  );
  process.exit(2);
}

setUp();
for (const leg of wanted) {
  const start = performance.now();
  const name = `VS Code ${legs[leg].vscode}`;
  console.error(`\n== ${name}`);
  if (!(await runLeg({ leg, ...values }))) process.exit(1);
  console.error(`== ${name}: good, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
