import type { BenchResult } from '../protocol/bench.js';
import type { Device, DeviceReport, GpuFailure, Provider } from '../protocol/devices.js';
import type {
  DrawnPicture,
  DrawRequest,
  Frame,
  FromEngine,
  LoadedModel,
  RefineRequest,
  RefineResult,
  ToEngine,
  VerifyResult,
} from '../protocol/engine-messages.js';
import { EngineError, stopped } from './engine-error.js';
import { EngineProcess, type ProcessEnd } from './engine-process.js';
import { describeEnd, died, mayBeOfGpu } from './process-end.js';
import type { Runtime } from './runtime.js';

export interface SessionOptions {
  readonly hostPath: string;
  readonly modelDirectory: string;
  readonly device: Device;
  /** GPUs that failed before and are not used again. */
  readonly failedGpus: readonly GpuFailure[];
  readonly threads: number | undefined;
  readonly cacheDirectory: string | undefined;
  readonly memoryLimit: number;
  readonly runtime: Runtime;
  readonly log: (line: string) => void;
  /** Called when the load begins, when a device is tried for the first time, and when the model's own load begins. */
  readonly onLoading: (stage: LoadStage) => void;
  /** Called when the GPU in use failed. `isDeath`: the process ended of it, or hung and was ended. */
  readonly onGpuFailure: (failure: GpuFailure, isDeath: boolean) => void;
  /** Called when the process ends by itself after the model was loaded. */
  readonly onDeath: () => void;
}

/** `trying`: what this machine has is tried, once for all starts to come. */
export type LoadStage = 'loading' | 'trying';

export interface RefineOptions {
  /** Aborting ends the run within one pass; it still resolves, with the estimate so far. */
  readonly signal?: AbortSignal;
  /** Called after every pass. */
  readonly onFrame?: (frame: Frame) => void;
}

type Heard = Exclude<FromEngine, { type: 'pong' }>;
type Answer = Exclude<Heard, { type: 'ready' | 'trying' | 'loading' | 'gpu-failed' | 'frame' | 'failed' }>;

/** What the process is asked for at the moment. */
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
 * One life of the engine process: started, one model loaded, jobs one at a time, ended. The caller sees to it that a
 * job has ended before it asks for the next.
 */
export class EngineSession {
  readonly #process: EngineProcess;
  readonly #options: SessionOptions;
  #model: LoadedModel | undefined;
  /** Where the model is, or is about to be. */
  #device: Provider = 'cpu';
  #job: Job | undefined;
  #end: ProcessEnd | undefined;
  #isDisposed = false;
  #lastRunId = 0;

  private constructor(options: SessionOptions) {
    this.#options = options;
    const { hostPath, runtime, memoryLimit, log } = options;
    this.#process = new EngineProcess({
      hostPath,
      runtime,
      memoryLimit,
      onMessage: (message) => {
        this.#receive(message);
      },
      onEnd: (end) => {
        this.#end = end;
        const job = this.#settle();
        const device = this.#device;
        if (device !== 'cpu' && mayBeOfGpu(end) && !this.#isDisposed) {
          const detail = `the engine process died (${describeEnd(end)}) ${job?.phase ?? 'between runs'}`;
          options.onGpuFailure({ device, detail }, true);
        }
        job?.reject(died(end, job.phase, job.runId === undefined));
        if (this.#model !== undefined && !this.#isDisposed) options.onDeath();
      },
      onLog: log,
    });
  }

  /**
   * Starts the process and loads the model. After a rejection no process is left.
   * @param signal aborting it stops the load
   */
  static async start(options: SessionOptions, signal: AbortSignal): Promise<EngineSession> {
    const session = new EngineSession(options);
    const stop = (): void => void session.dispose();
    signal.addEventListener('abort', stop);
    try {
      const loaded = session.#ask({ runId: undefined, phase: 'while the model was loading' });
      if (signal.aborted) stop();
      const answer = await loaded;
      if (answer.type !== 'loaded') throw unexpected(answer);
      session.#model = answer.model;
      return session;
    } catch (error) {
      await session.dispose();
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** What the loaded package says about itself. */
  get model(): LoadedModel {
    // Set before `start` hands the session out.
    return this.#model!;
  }

  /** See `Engine.refine`. */
  async refine(request: RefineRequest, { signal, onFrame }: RefineOptions): Promise<RefineResult> {
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
      if (signal?.aborted === true) cancel();
      const answer = await job;
      if (answer.type !== 'refined') throw unexpected(answer);
      return answer.result;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** See `Engine.draw`. */
  async draw(request: DrawRequest): Promise<DrawnPicture[]> {
    const runId = this.#nextRunId();
    const answer = await this.#ask(
      { runId, phase: 'while it drew pictures' },
      { type: 'draw', runId, request },
    );
    if (answer.type !== 'drawn') throw unexpected(answer);
    return answer.pictures;
  }

  /** See `Engine.verify`. */
  async verify(): Promise<VerifyResult> {
    const runId = this.#nextRunId();
    const answer = await this.#ask({ runId, phase: 'during the verification' }, { type: 'verify', runId });
    if (answer.type !== 'verified') throw unexpected(answer);
    return answer.result;
  }

  /** See `Engine.devices`. */
  async devices(afresh: boolean): Promise<DeviceReport> {
    const runId = this.#nextRunId();
    const answer = await this.#ask(
      { runId, phase: 'while it looked at the devices' },
      { type: 'devices', runId, afresh },
    );
    if (answer.type !== 'devices') throw unexpected(answer);
    return answer.result;
  }

  /** See `Engine.bench`. */
  async bench(requests: readonly RefineRequest[]): Promise<BenchResult> {
    const runId = this.#nextRunId();
    const answer = await this.#ask(
      { runId, phase: 'while it was measured' },
      { type: 'bench', runId, requests: [...requests] },
    );
    if (answer.type !== 'bench') throw unexpected(answer);
    return answer.result;
  }

  /** Ends the process, a job in it included, and resolves when it is gone. May be called again. */
  async dispose(): Promise<void> {
    this.#isDisposed = true;
    const job = this.#settle();
    job?.reject(stopped(job.phase));
    await this.#process.dispose();
  }

  #nextRunId(): number {
    this.#lastRunId += 1;
    return this.#lastRunId;
  }

  /** Makes `spec` the job and sends its message; the promise settles with the process's answer or its end. */
  #ask(spec: JobSpec, message?: ToEngine): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.#isDisposed) {
        reject(stopped());
      } else if (this.#end !== undefined) {
        reject(died(this.#end, spec.phase, spec.runId === undefined));
      } else {
        this.#job = { onFrame: undefined, ...spec, resolve, reject };
        this.#process.expect('warming-up');
        if (message !== undefined) this.#process.send(message);
      }
    });
  }

  #load(): void {
    const { modelDirectory, device, failedGpus, threads, cacheDirectory, onLoading } = this.#options;
    onLoading('loading');
    this.#process.send({
      type: 'load',
      modelDirectory,
      device,
      failedGpus: [...failedGpus],
      ...(threads !== undefined && { threads }),
      ...(cacheDirectory !== undefined && { cacheDirectory }),
    });
  }

  #receive(message: Heard): void {
    switch (message.type) {
      case 'ready':
        this.#load();
        break;
      case 'trying':
        // Who asks for the devices of a loaded model knows that they are tried.
        if (this.#model === undefined) this.#options.onLoading('trying');
        break;
      case 'loading':
        this.#device = message.device;
        this.#options.onLoading('loading');
        break;
      case 'gpu-failed':
        this.#device = 'cpu';
        this.#options.onGpuFailure(message.failure, false);
        break;
      default:
        this.#hear(message);
    }
  }

  /** Delivers a message to the current job. */
  #hear(message: Answer | Extract<Heard, { type: 'frame' | 'failed' }>): void {
    const job = this.#job;
    // What belongs to a job that was given up is late, not wrong.
    if (job === undefined || ('runId' in message ? message.runId : undefined) !== job.runId) return;
    if (message.type === 'frame') {
      this.#process.expect('running');
      job.onFrame?.(message.frame);
      return;
    }
    this.#settle();
    if (message.type !== 'failed') job.resolve(message);
    else job.reject(new EngineError(message.error.code, message.error.message, message.error.segment));
  }

  #settle(): Job | undefined {
    const job = this.#job;
    this.#job = undefined;
    this.#process.expect('idle');
    return job;
  }
}

function unexpected(answer: Answer): EngineError {
  return new EngineError('run-failed', `The engine process gave an unexpected answer ("${answer.type}").`);
}
