/** The engine process as its owner holds it: started, spoken to in checked messages, watched, ended. */
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { guardLine, guardReportSchema, type GuardReport } from '../protocol/engine-guard.js';
import { fromEngineSchema, type FromEngine, type ToEngine } from '../protocol/engine-messages.js';
import type { Runtime } from './runtime.js';
import { type Activity, Watchdog } from './watchdog.js';

/** How the process ended. */
export type ProcessEnd =
  /**
   * `how` is for the end of a sentence: `signal SIGKILL`, `exit code 1`, `it could not be started: …`. `isCrash`: what
   * ended it came from within; a SIGKILL is somebody else's doing, and one that never ran did nothing.
   */
  | { readonly kind: 'exit'; readonly how: string; readonly isCrash: boolean }
  /** It was ended since nothing was heard from it for so many seconds. */
  | { readonly kind: 'hang'; readonly seconds: number }
  /** It ended itself since memory ran out. */
  | { readonly kind: 'out-of-memory'; readonly scope: GuardReport['scope'] };

export interface EngineProcessOptions {
  readonly hostPath: string;
  readonly runtime: Runtime;
  /** Bytes that the process may hold. */
  readonly memoryLimit: number;
  /** Pongs are kept back. */
  readonly onMessage: (message: Exclude<FromEngine, { type: 'pong' }>) => void;
  /** Called once, when no message can come any more. */
  readonly onEnd: (end: ProcessEnd) => void;
  /** A line of the process's stderr. */
  readonly onLog: (line: string) => void;
}

/** What a process may inherit: where programs, libraries and GPU drivers are found, temporary files, language. */
const inheritedVariables = [
  'PATH',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'VK_ICD_FILENAMES',
  'VK_DRIVER_FILES',
  'CUDA_VISIBLE_DEVICES',
  'SystemRoot',
  'windir',
  'TEMP',
  'TMP',
  'TMPDIR',
  'LANG',
];

/** Time that a process gets to end by itself, in milliseconds; a pass in flight has to finish first. */
const gracePeriod = 2000;

/** Time that a killed process gets to be gone: one that a driver holds in the kernel may never be. */
const killPeriod = 3000;

export class EngineProcess {
  readonly #child: ChildProcess;
  /** Takes the process for ended. */
  readonly #letGo: () => void;
  readonly #watchdog: Watchdog;
  readonly #ended: Promise<void>;
  /** Why the process is about to end, where that is known before it does. */
  #cause: ProcessEnd | undefined;

  constructor({ hostPath, runtime, memoryLimit, onMessage, onEnd, onLog }: EngineProcessOptions) {
    const child = fork(hostPath, [String(memoryLimit)], {
      execPath: runtime.execPath,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc', 'pipe'],
      env: {
        ...Object.fromEntries(inheritedVariables.map((name) => [name, process.env[name]])),
        ...runtime.environment,
      },
    });
    this.#child = child;
    this.#watchdog = new Watchdog(
      () => {
        this.send({ type: 'ping' });
      },
      (seconds) => {
        this.#cause = { kind: 'hang', seconds };
        this.#kill();
      },
    );
    // Where too many files are open there is neither a process nor any of its lines: its error says so.
    const lines = child.stdio as ChildProcess['stdio'] | undefined;
    if (lines) createInterface({ input: child.stderr! }).on('line', onLog);
    const guardIsGone = lines && this.#listenToGuard(lines[guardLine] as Readable);
    child.on('message', (message) => {
      const parsed = z.safeParse(fromEngineSchema, message);
      if (parsed.success) {
        this.#watchdog.heard();
        if (parsed.data.type !== 'pong') onMessage(parsed.data);
        return;
      }
      onLog('The engine process sent a message that this version does not understand; it is stopped.');
      this.#kill();
    });
    // An owner that leaves at once takes the process along; else a pass in flight would finish first.
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.once('exit', killAtExit);
    let end!: (how: string, isCrash: boolean) => void;
    this.#letGo = () => {
      onLog('The engine process cannot be ended; a driver may hold it. It is left to itself.');
      // Nothing of it may keep this process alive.
      if (child.connected) child.disconnect();
      for (const stream of child.stdio) stream?.destroy();
      child.unref();
      end('it cannot be ended', true);
    };
    this.#ended = new Promise((resolve) => {
      let hasEnded = false;
      end = (how, isCrash) => {
        if (hasEnded) return;
        hasEnded = true;
        process.off('exit', killAtExit);
        this.#watchdog.dispose();
        resolve();
        onEnd(this.#cause ?? { kind: 'exit', how, isCrash });
      };
      child.once('error', (error) => {
        // Also reported when a message cannot be sent to a process that runs; only its end ends that.
        if (child.pid === undefined) end(`it could not be started: ${error.message}`, false);
      });
      child.once('exit', (code, signal) => {
        // What the guard had to say may still be on its way. (`close` would wait for it too, but does not come after
        // a `disconnect`.)
        void guardIsGone?.then(() => {
          end(signal === null ? `exit code ${code}` : `signal ${signal}`, signal !== 'SIGKILL');
        });
      });
    });
  }

  /** Says what the process is at, and so how long it may be silent. */
  expect(activity: Activity): void {
    this.#watchdog.expect(activity);
  }

  /** Sends a message; one that cannot reach the process any more is dropped, since its end is reported anyway. */
  send(message: ToEngine): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Ends the process and resolves when it is gone, or when nothing can end it. */
  async dispose(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => {
      this.#kill();
    }, gracePeriod);
    await this.#ended;
    clearTimeout(timer);
  }

  #kill(): void {
    this.#child.kill('SIGKILL');
    const timer = setTimeout(this.#letGo, killPeriod);
    void this.#ended.then(() => {
      clearTimeout(timer);
    });
  }

  /** Resolves when all that the guard ever says was heard. */
  #listenToGuard(line: Readable): Promise<void> {
    // A process that is killed may break the line; its end says the same.
    line.on('error', () => undefined);
    createInterface({ input: line }).on('line', (text) => {
      const report = z.safeParse(guardReportSchema, parseJson(text));
      if (report.success) this.#cause = { kind: 'out-of-memory', scope: report.data.scope };
    });
    return new Promise((resolve) => {
      line.once('close', resolve);
    });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
