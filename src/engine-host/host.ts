/** Messages in, messages out: what the engine process does for its owner, one job at a time. */
import { performance } from 'node:perf_hooks';
import * as z from 'zod/mini';
import { toEngineSchema, type FromEngine, type ToEngine } from '../protocol/engine-messages.js';
import { benchModel } from './bench.js';
import { chooseDevice, reportDevices } from './device/choose.js';
import { ModelDevice } from './device/model-device.js';
import type { ProbeHost } from './device/probe-process.js';
import { openTrials, type Trials } from './device/trials.js';
import { loadEngineModel, type EngineModel } from './engine-model.js';
import { HostError, toErrorValue } from './errors.js';
import { drawPictures, runRefine } from './runner.js';
import { verifyModel } from './verify.js';

/** Enough of a malformed message to answer the one who waits for it. */
const addressSchema = z.object({ runId: z.int() });

/**
 * The engine's side of the conversation. One model, loaded once, and one job at a time: a second one is refused,
 * so that never two sessions run at once in this process.
 */
export class Host {
  #model: EngineModel | undefined;
  #trials: Trials | undefined;
  /** A GPU's failure on its way to the disk: an owner that has its answer may end this process at once. */
  #noted: Promise<void> | undefined;
  #job: { readonly runId: number | undefined; readonly cancel: AbortController } | undefined;

  /** @param host this process's own bundle and limit: devices are tried in processes of their own */
  constructor(
    private readonly host: ProbeHost,
    private readonly send: (message: FromEngine) => void,
  ) {}

  /** Takes a message as it came in; answers in its own time, and never throws. */
  receive(message: unknown): void {
    const parsed = z.safeParse(toEngineSchema, message);
    if (parsed.success) {
      this.#handle(parsed.data);
      return;
    }
    const address = z.safeParse(addressSchema, message);
    this.#fail(
      address.data?.runId,
      new HostError('run-failed', 'The engine process was sent a message that it does not understand.'),
    );
  }

  #handle(message: ToEngine): void {
    switch (message.type) {
      case 'load':
        void this.#perform(undefined, () => this.#load(message));
        break;
      case 'refine':
        void this.#perform(message.runId, async (signal) => {
          const result = await runRefine(this.#loaded(), message.request, {
            signal,
            onFrame: (frame) => {
              this.send({ type: 'frame', runId: message.runId, frame });
            },
          });
          await this.#noted;
          this.send({ type: 'refined', runId: message.runId, result });
        });
        break;
      case 'keep-failure':
        void this.#perform(undefined, async () => {
          const trials = await this.#openTrials(message);
          await trials.noteFailure(message.failure);
          this.send({ type: 'failure-kept' });
        });
        break;
      case 'verify':
        void this.#perform(message.runId, async () => {
          const result = await verifyModel(this.#loaded());
          this.send({ type: 'verified', runId: message.runId, result });
        });
        break;
      case 'draw':
        void this.#perform(message.runId, async () => {
          const pictures = await drawPictures(this.#loaded(), message.request);
          this.send({ type: 'drawn', runId: message.runId, pictures });
        });
        break;
      case 'ping':
        this.send({ type: 'pong' });
        break;
      case 'devices':
        void this.#perform(message.runId, async () => {
          this.#loaded();
          const result = await reportDevices(this.#trials!, message.afresh);
          this.send({ type: 'devices', runId: message.runId, result });
        });
        break;
      case 'bench':
        void this.#perform(message.runId, async () => {
          const result = await benchModel(this.#loaded(), message.requests);
          this.send({ type: 'bench', runId: message.runId, result });
        });
        break;
      case 'cancel':
        // A cancel that comes after its run is late, not wrong.
        if (this.#job?.runId === message.runId) this.#job.cancel.abort();
        break;
    }
  }

  async #perform(runId: number | undefined, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#job !== undefined) {
      this.#fail(
        runId,
        new HostError('run-failed', 'The engine is busy with another run; wait for it or stop it.'),
      );
      return;
    }
    const job = { runId, cancel: new AbortController() };
    this.#job = job;
    try {
      await work(job.cancel.signal);
    } catch (error) {
      this.#fail(runId, error);
    } finally {
      this.#job = undefined;
    }
  }

  async #load(message: Extract<ToEngine, { type: 'load' }>): Promise<void> {
    if (this.#model !== undefined)
      throw new HostError('run-failed', 'The engine has loaded a model already.');
    const trials = await this.#openTrials(message);
    const { device, threads, note, details } = await chooseDevice(message, trials);
    for (const detail of details) console.error(detail);
    const onDevice = new ModelDevice(device, (failure) => {
      console.error(`${failure.device} failed: ${failure.detail}`);
      this.send({ type: 'gpu-failed', failure });
      this.#noted = trials.noteFailure(failure);
    });
    // Said before a driver has a say: should it end this process, the owner knows which one it was.
    this.send({ type: 'loading', device });
    this.#model = await loadEngineModel(message.modelDirectory, threads, onDevice);
    this.#trials = trials;
    await this.#noted;
    const hasFailed = onDevice.current !== device;
    const deviceNote = hasFailed ? `The GPU failed with ${device}; the CPU is used.` : note;
    this.send({
      type: 'loaded',
      model: {
        ...this.#model.info,
        device: onDevice.current,
        threads,
        ...(deviceNote !== undefined && { deviceNote }),
        loadSeconds: performance.now() / 1000, // which counts from the start of the process
      },
    });
  }

  #openTrials(of: {
    readonly modelDirectory: string;
    readonly cacheDirectory?: string | undefined;
  }): Promise<Trials> {
    return openTrials({
      host: this.host,
      modelDirectory: of.modelDirectory,
      cacheDirectory: of.cacheDirectory,
      onTrying: (device) => {
        console.error(`Trying ${device}; it is done once, and may take a minute.`);
        this.send({ type: 'trying', device });
      },
    });
  }

  #loaded(): EngineModel {
    if (this.#model === undefined) throw new HostError('run-failed', 'The engine has no model loaded yet.');
    return this.#model;
  }

  #fail(runId: number | undefined, thrown: unknown): void {
    // The author gets one sentence; the log gets the trace of what nobody expected.
    if (!(thrown instanceof HostError)) console.error(thrown);
    this.send({ type: 'failed', ...(runId !== undefined && { runId }), error: toErrorValue(thrown) });
  }
}
