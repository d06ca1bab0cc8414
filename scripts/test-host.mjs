// Runs the tests of the extension inside real VS Code builds.
//   npm run test:host -- [latest] [old] [--grep TEXT]      (both legs, without a name)
//   npm run bench:editor      how long the extension keeps the extension host busy
// Where there is a display, the desktop builds are downloaded. Elsewhere (a container, continuous integration) the same
// VS Code runs as a server, with its workbench in a Chromium without a window.
import { chmodSync, cpSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { buildHostTests } from './build-host-tests.mjs';
import { root } from './run.mjs';
import { setUp } from './setup.mjs';
import { canHost, legs, setUpHost } from './vscode-host.mjs';

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

const out = join(root, 'out', 'test', 'host');
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;

setUp();
const { tests, code } = await buildHostTests(out, values.folder);
chmodSync(code, 0o755);
for (const leg of wanted) {
  const start = performance.now();
  const name = `VS Code ${legs[leg].vscode}`;
  console.error(`\n== ${name}`);
  const build = hasDisplay ? await downloadedBuild(leg) : hostedBuild(leg);
  if (!(await runLeg(leg, build))) process.exit(1);
  console.error(`== ${name}: good, ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

async function downloadedBuild(leg) {
  try {
    const version = leg === 'latest' ? 'stable' : legs[leg].vscode;
    return {
      executable: await downloadAndUnzipVSCode({ version, cachePath: join(out, 'vscode') }),
      environment: {},
    };
  } catch (error) {
    return fail(
      `VS Code cannot be downloaded to test in (${error.message}); the tests need a network, once.`,
    );
  }
}

function hostedBuild(leg) {
  if (!canHost) return fail('The tests in VS Code need a display here, or Linux on x64.');
  const { server, node, chromium } = setUpHost(leg);
  const environment = { ONEFLOW_HOST_SERVER: server, ONEFLOW_HOST_NODE: node, CHROME_PATH: chromium };
  return { executable: code, environment };
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** Whether all tests passed in this build of VS Code. Prints what they report while they run. */
async function runLeg(leg, { executable, environment }) {
  // Tests leave files and settings behind, so each run has a workspace and a profile of its own.
  const folder = mkdtempSync(join(tmpdir(), 'oneflow-host-'));
  const workspace = join(folder, 'workspace');
  cpSync(join(root, 'test', 'host', 'workspace'), workspace, { recursive: true });
  const logFile = join(out, `${leg}.log`);
  const log = createWriteStream(logFile);
  const reportFile = join(folder, 'report.txt');
  const stopReport = printWhatIsWritten(reportFile);
  try {
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [
        workspace,
        '--disable-extensions',
        `--user-data-dir=${join(folder, 'user')}`,
        `--extensions-dir=${join(folder, 'extensions')}`,
      ],
      extensionTestsEnv: {
        ...environment,
        ONEFLOW_HOST_REPORT: reportFile,
        ONEFLOW_HOST_GREP: values.grep,
      },
      stdout: log,
      stderr: log,
    });
    return true;
  } catch (error) {
    stopReport();
    console.error(`${error.message}. What VS Code wrote: ${relative(root, logFile)}`);
    return false;
  } finally {
    stopReport();
    log.end();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Prints what another process appends to a file, until the function that it returns is called. */
function printWhatIsWritten(file) {
  let printed = 0;
  const print = () => {
    if (!existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    process.stdout.write(text.slice(printed));
    printed = text.length;
  };
  const timer = setInterval(print, 250);
  return () => {
    clearInterval(timer);
    print();
  };
}
