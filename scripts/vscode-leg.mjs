// Runs bundled tests inside one of the VS Code builds: see test-host.mjs.
import { chmodSync, cpSync, createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { buildHostTests } from './build-host-tests.mjs';
import { root } from './run.mjs';
import { canHost, legs, setUpHost } from './vscode-host.mjs';

const out = join(root, 'out', 'test', 'host');
const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;

/**
 * Builds the tests of a folder of `test/host` and runs them in the VS Code of a leg, in a fresh profile and a fresh copy
 * of the workspace. Prints what they report while they run.
 * @param {{ leg: string, folder?: string, grep?: string, extensions?: string[], environment?: Record<string, string> }} options
 *   `extensions`: folders of more extensions to install, `environment`: for the tests
 * @returns {Promise<boolean>} whether all of them passed
 */
export async function runLeg({ leg, folder = 'suite', grep = '', extensions = [], environment = {} }) {
  const { tests, code } = await buildHostTests(out, folder);
  chmodSync(code, 0o755);
  const vscode = hasDisplay ? await downloadedBuild(leg) : hostedBuild(leg, code);

  // Tests leave files and settings behind.
  const scratch = mkdtempSync(join(tmpdir(), 'oneflow-host-'));
  const workspace = join(scratch, 'workspace');
  cpSync(join(root, 'test', 'host', 'workspace'), workspace, { recursive: true });
  const extensionsDir = join(scratch, 'extensions');
  for (const extension of extensions) {
    cpSync(extension, join(extensionsDir, basename(extension)), { recursive: true });
  }
  const logFile = join(out, `${leg}.log`);
  const log = createWriteStream(logFile);
  const reportFile = join(scratch, 'report.txt');
  const stopReport = printWhatIsWritten(reportFile);
  try {
    await runTests({
      vscodeExecutablePath: vscode.executable,
      extensionDevelopmentPath: root,
      extensionTestsPath: tests,
      launchArgs: [
        workspace,
        `--user-data-dir=${join(scratch, 'user')}`,
        `--extensions-dir=${extensionsDir}`,
      ],
      extensionTestsEnv: {
        ...vscode.environment,
        ...environment,
        ONEFLOW_HOST_REPORT: reportFile,
        ONEFLOW_HOST_GREP: grep,
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
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
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

function hostedBuild(leg, code) {
  if (!canHost) return fail('The tests in VS Code need a display here, or Linux on x64.');
  const { server, node, chromium } = setUpHost(leg);
  const environment = { ONEFLOW_HOST_SERVER: server, ONEFLOW_HOST_NODE: node, CHROME_PATH: chromium };
  return { executable: code, environment };
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
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
