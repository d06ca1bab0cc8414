import type { BenchResult } from '../protocol/bench.js';
import type { Device, DeviceReport } from '../protocol/devices.js';
import type {
  Frame,
  FromEngine,
  LoadedModel,
  RefineRequest,
  RefineResult,
  ToEngine,
  VerifyResult,
} from '../protocol/engine-messages.js';
import { EngineError } from './engine-error.js';
import { EngineProcess, type ProcessEnd } from './engine-process.js';

export interface EngineOptions {
  /** The bundle of the engine process: `dist/engine-host.cjs`. */
  readonly hostPath: string;
  /** Folder of the model package. */
  readonly modelDirectory: string;
  readonly device: Device;
  /** Threads of the engine, 1–64; the same number gives the same bytes. Left out, the engine chooses. */
  readonly threads?: number;
  /** Folder where measurements of this machine are kept; without one `auto` is the CPU. */
  readonly cacheDirectory?: string;
  /** Takes lines for a log: what the native libraries write to stderr. */
  readonly log: (line: string) => void;
  /** Aborting stops the load and ends the process. */
  readonly signal?: AbortSignal;
}

export interface RefineOptions {
  /** Aborting ends the run within one pass; it still resolves, with the estimate so far. */
  readonly signal?: AbortSignal;
  /** Called after every pass. */
  readonly onFrame?: (frame: Frame) => void;
}

type Answer = Exclude<FromEngine, { type: 'ready' | 'frame' | 'failed' }>;

/** What the engine is asked for at the moment. */
interface Job {
  /** Missing for the load. */
  readonly runId: number | undefined;
  /** For the end of a sentence: `during the run`. */
  readonly phase: string;
  readonly onFrame: ((frame: Frame) => void) | undefined;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: EngineError) => void;
}

type JobSpec = Pick<Job, 'runId' | 'phase'> & Partial<Pick<Job, 'onFrame'>>;

/**
 * A model in a process of its own. One run or verification at a time; a second one is refused.
 *
 * Every method rejects with an `EngineError`: `bad-model`, `bad-document`, `run-failed`, or `engine-died` when the
 * process ended under it. `dispose` must be called, else the process lives as long as this one.
 */
export class Engine {
  readonly #process: EngineProcess;
  #model: LoadedModel | undefined;
  #job: Job | undefined;
  #end: ProcessEnd | undefined;
  #isDisposed = false;
  #lastRunId = 0;

  private constructor({ hostPath, log }: EngineOptions, onReady: () => void) {
    this.#process = new EngineProcess(hostPath, {
      onMessage: (message) => {
        if (message.type === 'ready') onReady();
        else this.#receive(message);
      },
      onEnd: (end) => {
        this.#end = end;
        const job = this.#settle();
        job?.reject(died(end, ` ${job.phase}`));
      },
      onLog: log,
    });
  }

  /** Starts the process and loads the model. After a rejection no process is left. */
  static async start(options: EngineOptions): Promise<Engine> {
    const { modelDirectory, device, threads, cacheDirectory, signal } = options;
    const engine = new Engine(options, () => {
      engine.#process.send({
        type: 'load',
        modelDirectory,
        device,
        ...(threads !== undefined && { threads }),
        ...(cacheDirectory !== undefined && { cacheDirectory }),
      });
    });
    const stop = (): void => void engine.dispose();
    signal?.addEventListener('abort', stop);
    try {
      const loaded = engine.#ask({ runId: undefined, phase: 'while the model was loading' });
      if (signal?.aborted === true) stop();
      const answer = await loaded;
      if (answer.type !== 'loaded') throw unexpected(answer);
      engine.#model = answer.model;
      return engine;
    } catch (error) {
      await engine.dispose();
      throw error;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** What the loaded package says about itself. */
  get model(): LoadedModel {
    // Set before `start` hands the engine out.
    return this.#model!;
  }

  /** Refines the masked segments of `request`. A cancelled run resolves with `interrupted: true`. */
  async refine(request: RefineRequest, { signal, onFrame }: RefineOptions = {}): Promise<RefineResult> {
    if (signal?.aborted === true) return this.#nothingDone(request);
    const runId = this.#nextRunId();
    const job = this.#ask(
      { runId, phase: 'during the run', ...(onFrame && { onFrame }) },
      { type: 'refine', runId, request },
    );
    const cancel = (): void => {
      this.#process.send({ type: 'cancel', runId });
    };
    try {
      signal?.addEventListener('abort', cancel);
      const answer = await job;
      if (answer.type !== 'refined') throw unexpected(answer);
      return answer.result;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Runs the package's reference input through every graph and compares with what was recorded. */
  async verify(): Promise<VerifyResult> {
    const runId = this.#nextRunId();
    const answer = await this.#ask({ runId, phase: 'during the verification' }, { type: 'verify', runId });
    if (answer.type !== 'verified') throw unexpected(answer);
    return answer.result;
  }

  /** Tries every device of this machine with the model, afresh; takes seconds, on a slow machine a minute. */
  async devices(): Promise<DeviceReport> {
    const runId = this.#nextRunId();
    const answer = await this.#ask(
      { runId, phase: 'while it looked at the devices' },
      { type: 'devices', runId },
    );
    if (answer.type !== 'devices') throw unexpected(answer);
    return answer.result;
  }

  /** Measures the model on its device, and runs on `requests`: several of each, so this takes its time. */
  async bench(requests: readonly RefineRequest[]): Promise<BenchResult> {
    const runId = this.#nextRunId();
    const answer = await this.#ask(
      { runId, phase: 'while it was measured' },
      { type: 'bench', runId, requests: [...requests] },
    );
    if (answer.type !== 'bench') throw unexpected(answer);
    return answer.result;
  }

  /** Ends the process, a run in it included, and resolves when it is gone. May be called again. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const job = this.#settle();
    job?.reject(new EngineError('run-failed', `The engine was stopped ${job.phase}.`));
    await this.#process.dispose();
  }

  #nothingDone({ steps = this.model.defaults.steps }: RefineRequest): RefineResult {
    return {
      interrupted: true,
      device: this.model.device,
      forwardPasses: 0,
      steps,
      seconds: { refine: 0, decode: 0 },
      spans: [],
      pictures: [],
      warnings: [],
    };
  }

  #nextRunId(): number {
    this.#lastRunId += 1;
    return this.#lastRunId;
  }

  /** Makes `spec` the one job of the engine and sends its message; the promise settles with the engine's answer or its end. */
  #ask(spec: JobSpec, message?: ToEngine): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#isDisposed) {
        reject(new EngineError('run-failed', 'The engine was stopped.'));
      } else if (this.#end !== undefined) {
        reject(died(this.#end, ''));
      } else if (this.#job !== undefined) {
        reject(new EngineError('run-failed', 'The engine is busy with another run; wait for it or stop it.'));
      } else {
        this.#job = { onFrame: undefined, ...spec, resolve, reject };
        if (message !== undefined) this.#process.send(message);
      }
    });
  }

  #receive(message: Exclude<FromEngine, { type: 'ready' }>): void {
    const job = this.#job;
    // What belongs to a job that was given up is late, not wrong.
    if (job === undefined || ('runId' in message ? message.runId : undefined) !== job.runId) return;
    if (message.type === 'frame') {
      job.onFrame?.(message.frame);
      return;
    }
    this.#settle();
    if (message.type === 'failed') job.reject(new EngineError(message.error.code, message.error.message));
    else job.resolve(message);
  }

  #settle(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    return job;
  }
}

function died(end: ProcessEnd, phase: string): EngineError {
  return new EngineError('engine-died', `The engine process ended unexpectedly (${end})${phase}.`);
}

function unexpected(answer: Answer): EngineError {
  return new EngineError('run-failed', `The engine process gave an unexpected answer ("${answer.type}").`);
}
