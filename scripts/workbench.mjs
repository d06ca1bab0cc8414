// Drives the packaged extension in a real workbench:
//   npm run test:acceptance      what an author does, from a clean profile to accepted hunks
//   npm run screenshots          the pictures of the README and of the walkthrough
import { join } from 'node:path';
import { build } from 'esbuild';
import { upToDatePackage } from './package.mjs';
import { root, run } from './run.mjs';
import { setUp } from './setup.mjs';
import { setUpHost } from './vscode-host.mjs';

const [name, ...args] = process.argv.slice(2);
if (name !== 'acceptance' && name !== 'screenshots') {
  console.error('workbench: say acceptance or screenshots.');
  process.exit(2);
}
setUp();
const vsix = await upToDatePackage();
const program = join(root, 'out', 'test', 'browser', `${name}.cjs`);
await build({
  absWorkingDir: root,
  entryPoints: [`test/browser/workbench/${name}.ts`],
  outfile: program,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  sourcemap: 'inline',
  external: ['playwright-core', 'sharp'],
  logLevel: 'warning',
});
const { server, node, chromium } = setUpHost(args[0] ?? 'latest');
run(process.execPath, ['--enable-source-maps', program], {
  env: {
    ...process.env,
    ONEFLOW_HOST_SERVER: server,
    ONEFLOW_HOST_NODE: node,
    CHROME_PATH: chromium,
    ONEFLOW_VSIX: vsix,
  },
});
