import type { BenchResult } from '../protocol/bench.js';
import type { Device, DeviceReport } from '../protocol/devices.js';
import type {
  DrawnPicture,
  DrawRequest,
  LoadedModel,
  RefineRequest,
  RefineResult,
  VerifyResult,
} from '../protocol/engine-messages.js';
import { EngineError, stopped } from './engine-error.js';
import type { EngineSession, RefineOptions } from './engine-session.js';
import { defaultMemoryLimit } from './memory-limit.js';
import { RestartLimit } from './restart-limit.js';
import { SessionStarter } from './session-starter.js';
import { Turns, unlessAborted } from './turns.js';

export interface EngineOptions {
  /** The bundle of the engine process: `dist/engine-host.cjs`. */
  readonly hostPath: string;
  /** Folder of the model package. */
  readonly modelDirectory: string;
  readonly device: Device;
  /** Threads of the engine, 1–64; the same number gives the same bytes. Left out, the engine chooses. */
  readonly threads?: number;
  /** Bytes of memory that the engine process may hold. Left out, six tenths of what the machine has. */
  readonly memoryLimit?: number;
  /** Milliseconds without a run after which the process is ended and its memory given back. Left out, it stays. */
  readonly idleTimeout?: number;
  /** A Node.js of version 20.19 or newer, for systems where the one that runs this cannot run the engine. */
  readonly nodePath?: string;
  /** Folder where measurements of this machine are kept; without one `auto` is the CPU. */
  readonly cacheDirectory?: string | undefined;
  /** Takes lines for a log: what the native libraries write to stderr. */
  readonly log: (line: string) => void;
  /** Called when the engine's state has changed. */
  readonly onState?: (state: EngineState) => void;
  /** Aborting stops the first load and ends the engine. */
  readonly signal?: AbortSignal;
}

/**
 * `stopped`: there is no process; the next run starts one. `starting` and `loading` are on the way to `idle`; so is
 * `trying`, in the middle of a load, while what this machine has is tried: once for all starts to come, in up to a
 * minute per device.
 */
export type EngineState = 'stopped' | 'starting' | 'loading' | 'trying' | 'idle' | 'busy';

/**
 * A model in a process of its own.
 *
 * Runs and verifications wait for each other: any number may be asked for, one is worked on, in the order of asking.
 * When the process dies, what it worked on is rejected, and the next in the queue gets a fresh process; one that
 * dies more than three times in five minutes is not started again until those minutes are over.
 *
 * Every method rejects with an `EngineError`: `bad-model`, `bad-document`, `run-failed`, `out-of-memory`,
 * `engine-died` when the process ended or hung under it (asking again is worth a try: `canRetry`), or
 * `engine-unavailable` when it did so too often. `dispose` must be called, else the process lives as long as this one.
 */
export class Engine {
  readonly #options: EngineOptions;
  readonly #starter: SessionStarter;
  readonly #restarts = new RestartLimit(() => performance.now());
  readonly #turns = new Turns();
  readonly #stop = new AbortController();
  /** The process that runs, or is about to. */
  #session: Promise<EngineSession> | undefined;
  /** The end of the process that was unloaded last. */
  #unloaded: Promise<void> = Promise.resolve();
  #idleTimer: ReturnType<typeof setTimeout> | undefined;
  #model: LoadedModel | undefined;
  #state: EngineState = 'stopped';

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#starter = new SessionStarter({
      hostPath: options.hostPath,
      modelDirectory: options.modelDirectory,
      device: options.device,
      threads: options.threads,
      cacheDirectory: options.cacheDirectory,
      memoryLimit: options.memoryLimit ?? defaultMemoryLimit(),
      nodePath: options.nodePath,
      log: options.log,
      onLoading: (stage) => {
        this.#enter(stage);
      },
      onDeath: () => {
        this.#restarts.died();
        this.#session = undefined;
        this.#enter('stopped');
      },
    });
  }

  /** Starts the process and loads the model. After a rejection no process is left. */
  static async start(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    const stop = (): void => void engine.dispose();
    options.signal?.addEventListener('abort', stop);
    try {
      const opening = engine.#open();
      if (options.signal?.aborted === true) stop();
      await opening;
      engine.#rest();
      return engine;
    } catch (error) {
      await engine.dispose();
      throw error;
    } finally {
      options.signal?.removeEventListener('abort', stop);
    }
  }

  /** What the loaded package says about itself. */
  get model(): LoadedModel {
    // Set before `start` hands the engine out.
    return this.#model!;
  }

  /**
   * Refines the masked segments of `request`. A cancelled run resolves with `interrupted: true` and the estimate so
   * far; one that is cancelled before its turn has come, or while the process is started for it, does so at once.
   */
  async refine(request: RefineRequest, options: RefineOptions = {}): Promise<RefineResult> {
    const result = await this.#inTurn((session) => session.refine(request, options), options.signal);
    return result ?? this.#nothingDone(request);
  }

  /** Makes files of pictures as they stood after some pass of a run of the same model: a frame's latents. */
  async draw(request: DrawRequest): Promise<DrawnPicture[]> {
    return (await this.#inTurn((session) => session.draw(request)))!;
  }

  /** Runs the package's reference input through every graph and compares with what was recorded. */
  async verify(): Promise<VerifyResult> {
    // Without a signal there is always an answer.
    return (await this.#inTurn((session) => session.verify()))!;
  }

  /**
   * What every device of this machine is worth with the model. Trying them takes seconds, on a slow machine a minute.
   * @param afresh tries them whatever was found out before; else only what is not known yet is tried
   */
  async devices({ afresh }: { readonly afresh: boolean }): Promise<DeviceReport> {
    return (await this.#inTurn((session) => session.devices(afresh)))!;
  }

  /** Measures the model on its device, and runs on `requests`: several of each, so this takes its time. */
  async bench(requests: readonly RefineRequest[]): Promise<BenchResult> {
    return (await this.#inTurn((session) => session.bench(requests)))!;
  }

  /** Ends the process, all runs included, and resolves when it is gone. May be called again. */
  async dispose(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#idleTimer);
    this.#unload();
    await this.#unloaded;
    await this.#starter.settled();
  }

  /** Does `work` when all that was asked for before is over; undefined if `signal` was aborted before it began. */
  async #inTurn<T>(
    work: (session: EngineSession) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T | undefined> {
    this.#refuseIfStopped();
    clearTimeout(this.#idleTimer);
    const turn = this.#turns.take();
    try {
      await unlessAborted(turn.come, signal);
      if (signal?.aborted === true) return undefined;
      this.#refuseIfStopped();
      // One who leaves here lets the load go on: the next run has need of it too.
      const session = await unlessAborted(this.#open(), signal);
      if (session === undefined) return undefined;
      this.#enter('busy');
      return await work(session);
    } finally {
      turn.end();
      this.#rest();
    }
  }

  /** The process that runs, with the model in it, or else a fresh one. */
  #open(): Promise<EngineSession> {
    if (this.#session === undefined) {
      const session = this.#start();
      this.#session = session;
      // What failed once is tried anew by the next who asks: the author may have mended it.
      session.catch(() => {
        if (this.#session === session) this.#session = undefined;
      });
    }
    return this.#session;
  }

  async #start(): Promise<EngineSession> {
    await this.#unloaded;
    const wait = this.#restarts.wait();
    if (wait > 0) {
      const minutes = Math.ceil(wait / 60_000);
      throw new EngineError(
        'engine-unavailable',
        `The engine process ended unexpectedly too often and is not started again for now; try again in ${minutes} min.`,
      );
    }
    this.#enter('starting');
    try {
      const session = await this.#starter.start(this.#stop.signal);
      this.#model = session.model;
      this.#enter('idle');
      return session;
    } catch (error) {
      this.#enter('stopped');
      if (error instanceof EngineError && isDeath(error)) this.#restarts.died();
      throw error;
    }
  }

  /** When nobody waits for anything, the time after which the process is unloaded begins. */
  #rest(): void {
    if (!this.#turns.areOver || this.#stop.signal.aborted) return;
    if (this.#state === 'busy') this.#enter('idle');
    const { idleTimeout } = this.#options;
    if (idleTimeout === undefined) return;
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => {
      this.#unload();
    }, idleTimeout);
    this.#idleTimer.unref();
  }

  #unload(): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#session = undefined;
    this.#unloaded = session.then(
      (open) => open.dispose(),
      () => undefined,
    );
    this.#enter('stopped');
  }

  #enter(state: EngineState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState?.(state);
  }

  #refuseIfStopped(): void {
    if (this.#stop.signal.aborted) throw stopped();
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
}

/** Whether the error is the end of the process, by its own or by the guard's doing. */
function isDeath({ code }: EngineError): boolean {
  return code === 'engine-died' || code === 'out-of-memory';
}
