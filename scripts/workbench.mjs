// Drives the packaged extension in a real workbench:
//   npm run test:acceptance      what an author does, from a clean profile to accepted hunks
//   npm run test:faults          Restricted Mode, reloads and extension hosts that end; -- NAME for one of them
//   npm run screenshots          the pictures of the README and of the walkthrough
import { upToDatePackage } from './package.mjs';
import { runBundled } from './run-bundled.mjs';
import { setUp } from './setup.mjs';
import { canHost, setUpHost } from './vscode-host.mjs';

const [name, ...args] = process.argv.slice(2);
const names = ['acceptance', 'faults', 'screenshots'];
if (!names.includes(name)) {
  console.error(`workbench: say one of ${names.join(', ')}.`);
  process.exit(2);
}
if (!canHost) {
  console.error('workbench: driving the packaged extension needs Linux on x64.');
  process.exit(1);
}
setUp();
const vsix = await upToDatePackage();
const { server, node, chromium } = setUpHost('latest');
await runBundled(`test/browser/workbench/${name}.ts`, {
  args,
  environment: {
    ONEFLOW_HOST_SERVER: server,
    ONEFLOW_HOST_NODE: node,
    CHROME_PATH: chromium,
    ONEFLOW_VSIX: vsix,
  },
});
