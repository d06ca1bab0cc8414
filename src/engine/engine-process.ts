/** The engine process as its owner holds it: started, spoken to in checked messages, ended. */
import { fork, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { fromEngineSchema, type FromEngine, type ToEngine } from '../protocol/engine-messages.js';

/** How the process ended, for the end of a sentence: `signal SIGKILL`, `exit code 1`, `it could not be started: …`. */
export type ProcessEnd = string;

export interface EngineProcessEvents {
  readonly onMessage: (message: FromEngine) => void;
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
  // The editor's own executable runs as plain Node under this one.
  'ELECTRON_RUN_AS_NODE',
];

/** Time that a process gets to end by itself, in milliseconds; a pass in flight has to finish first. */
const gracePeriod = 2000;

export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor(hostPath: string, events: EngineProcessEvents) {
    this.#child = fork(hostPath, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [],
      env: Object.fromEntries(inheritedVariables.map((name) => [name, process.env[name]])),
    });
    const child = this.#child;
    createInterface({ input: child.stderr! }).on('line', events.onLog);
    child.on('message', (message) => {
      const parsed = z.safeParse(fromEngineSchema, message);
      if (parsed.success) {
        events.onMessage(parsed.data);
        return;
      }
      events.onLog('The engine process sent a message that this version does not understand; it is stopped.');
      child.kill('SIGKILL');
    });
    // An owner that leaves at once takes the process along; else a pass in flight would finish first.
    const killAtExit = (): void => void child.kill('SIGKILL');
    process.once('exit', killAtExit);
    this.#ended = new Promise((resolve) => {
      const end = (how: ProcessEnd): void => {
        process.off('exit', killAtExit);
        resolve();
        events.onEnd(how);
      };
      child.once('error', (error) => {
        // Also reported when a message cannot be sent to a process that runs; only its exit ends that.
        if (child.pid === undefined) end(`it could not be started: ${error.message}`);
      });
      child.once('exit', (code, signal) => {
        end(signal === null ? `exit code ${code}` : `signal ${signal}`);
      });
    });
  }

  /** Sends a message; one that cannot reach the process any more is dropped, since its end is reported anyway. */
  send(message: ToEngine): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Ends the process and resolves when it is gone. */
  async dispose(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), gracePeriod);
    await this.#ended;
    clearTimeout(timer);
  }
}
