/** The VS Code server under test: its workbench for a browser, and the extension host as its child. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { HostEnvironment } from './environment.js';

export interface ServerOptions {
  readonly environment: HostEnvironment;
  /** Profile folder with the user's settings; a fresh one, removed at the end, unless given. */
  readonly userDataDir?: string | undefined;
  /** Folder of the installed extensions; a fresh one unless given. */
  readonly extensionsDir?: string | undefined;
  /** Also take the development options of the workbench's address, which a built workbench ignores otherwise. */
  readonly driver?: boolean;
  /** Ask whether the workspace is trusted, as the product does. */
  readonly workspaceTrust?: boolean;
  /** Settings of the user, and of the machine, that go before those of `calmSettings`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the server and so of the extension host. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  /** `host:port`, also the authority of the remote's URIs. */
  readonly authority: string;
  /** What the server wrote. */
  readonly log: () => string;
  /** Resolves with the exit code when the server ends by itself. */
  readonly ended: Promise<number | null>;
  /** Ends the server with all its children and removes its folders. */
  readonly stop: () => Promise<void>;
}

/** Keeps everything away that a test did not ask for. */
const calmSettings = {
  // A workbench in a browser saves by itself; the desktop does not.
  'files.autoSave': 'off',
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  // What was used before would stand above what is typed.
  'workbench.commandPalette.history': 0,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.openRepositoryInParentFolders': 'never',
};

const startLimitMs = 60_000;
const stopLimitMs = 5_000;

/** Starts a server on a free port. Rejects with its log when it does not come up. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const root = mkdtempSync(path.join(tmpdir(), 'oneflow-vscode-'));
  const userDataDir = options.userDataDir ?? path.join(root, 'user');
  const extensionsDir = options.extensionsDir ?? path.join(root, 'extensions');
  mkdirSync(extensionsDir, { recursive: true });
  // Where extensions run on a server, those of machine scope are read from its own file alone.
  for (const level of ['User', 'Machine']) {
    writeSettings(path.join(userDataDir, level, 'settings.json'), options.settings ?? {});
  }

  const logFile = path.join(root, 'server.log');
  const child = spawn(
    options.environment.node,
    [
      path.join(options.environment.server, 'out', 'server-main.js'),
      ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
      ...['--accept-server-license-terms', '--telemetry-level', 'off'],
      ...['--server-data-dir', path.join(root, 'data'), '--user-data-dir', userDataDir],
      ...['--extensions-dir', extensionsDir],
      // Ends the server when the process that started it was killed and could not.
      '--enable-remote-auto-shutdown',
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...(options.driver === true ? ['--enable-smoke-test-driver'] : []),
    ],
    // A process group of its own: extension hosts and what they started go with it.
    {
      env: { ...inheritedEnvironment(), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const log = createWriteStream(logFile);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const readLog = (): string => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const stop = async (): Promise<void> => {
    await endGroup(child);
    rmSync(root, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const port = await listeningPort(child);
    return { authority: `127.0.0.1:${port}`, log: readLog, ended, stop };
  } catch (error) {
    const told = readLog();
    await stop();
    throw new Error(`The VS Code server did not start: ${String(error)}\n${told}`, { cause: error });
  }
}

function writeSettings(file: string, settings: Readonly<Record<string, unknown>>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const present = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as object) : {};
  writeFileSync(file, JSON.stringify({ ...calmSettings, ...present, ...settings }, undefined, 2));
}

/** Without what the terminal of an editor tells the programs that run in it. */
function inheritedEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(([name]) => !/^(VSCODE|ELECTRON)_/.test(name));
  return Object.fromEntries(entries);
}

function listeningPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout!.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, port] = /agent listening on (\d+)/.exec(output) ?? [];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new Error(`it ended with ${String(code)}.`));
    });
    setTimeout(() => {
      reject(new Error(`it was silent for ${startLimitMs / 1000} s.`));
    }, startLimitMs).unref();
  });
}

async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  if (child.exitCode === null && child.signalCode === null) {
    const gone = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      killGroup(pid);
    }, stopLimitMs);
    await gone;
    clearTimeout(timer);
  }
  killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it is gone already.
  }
}
