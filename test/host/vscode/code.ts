/**
 * A stand-in for the desktop `code` executable, so that `@vscode/test-electron` drives the VS Code under test as it
 * drives a desktop build: the same arguments, the same environment for the extension host, the suite's exit code.
 * Own exit codes: 96 the server died, 97 the page crashed, 98 no result in time, 130 interrupted.
 */
import path from 'node:path';
import { format } from 'node:util';
import type { Page } from 'playwright-core';
import { startBrowser } from './browser.js';
import { parseCodeArguments } from './code-arguments.js';
import { hostEnvironment } from './environment.js';
import { startServer } from './server.js';
import { workbenchUrl } from './workbench-url.js';

/** Only against a hang: every test has a limit of its own. */
const limitMs = 1_800_000;

void main();

async function main(): Promise<void> {
  const options = parseCodeArguments(process.argv.slice(2));
  const environment = hostEnvironment();
  const cleanUp: (() => Promise<void>)[] = [];
  let code: number;
  try {
    const server = await startServer({
      environment,
      driver: true,
      workspaceTrust: !options.disableWorkspaceTrust,
      userDataDir: options.userDataDir,
      extensionsDir: options.extensionsDir,
    });
    cleanUp.push(server.stop);
    const browser = await startBrowser({ executable: environment.chromium });
    cleanUp.push(browser.stop);
    const { page } = browser;
    const outcome = Promise.race([
      result(page),
      crashed(page),
      server.ended.then(() => 96),
      interrupted(),
      new Promise<number>((resolve) => setTimeout(resolve, limitMs, 98).unref()),
    ]);
    await forwardLog(page);
    await page.goto(workbenchUrl(server, options), { waitUntil: 'commit' });
    code = await outcome;
    if (code >= 96) {
      console.error(`The tests ended with ${code} and no result. The server's log:\n${server.log()}`);
      await page
        .screenshot({ path: path.resolve('out', 'test', 'host', 'no-result.png') })
        .catch(() => undefined);
    }
  } catch (error) {
    console.error(error);
    code = 1;
  }
  for (const stop of cleanUp.reverse()) await stop();
  process.exit(code);
}

/** The workbench calls this function of the page with the exit code of the tests. */
async function result(page: Page): Promise<number> {
  return new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
  });
}

/** The workbench gives this function what the extension host writes to its console. */
async function forwardLog(page: Page): Promise<void> {
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
    const plain = args
      .filter((arg) => typeof arg !== 'string' || !/^(color|background|font)[-:]/.test(arg))
      .map((arg) => (typeof arg === 'string' ? arg.replaceAll('%c', '') : arg));
    console.log(format(...plain));
  });
}

function crashed(page: Page): Promise<number> {
  return new Promise((resolve) => {
    page.once('crash', () => {
      resolve(97);
    });
  });
}

function interrupted(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve(130);
      });
    }
  });
}
