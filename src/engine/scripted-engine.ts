import type { DeviceReport } from '../protocol/devices.js';
import type {
  DrawnPicture,
  DrawRequest,
  Frame,
  LoadedModel,
  RefineRequest,
  RefineResult,
} from '../protocol/engine-messages.js';
import { EngineError } from './engine-error.js';
import type { EnginePort } from './engine-port.js';
import type { RefineOptions } from './engine-session.js';
import type { Recording } from './recording.js';

export interface ScriptedEngineOptions {
  readonly recording: Recording;
  /** Awaited before each frame, from 1 on: a test holds a run here, or throws for one that fails. */
  readonly beforeFrame?: (frame: number) => Promise<void> | void;
  /** What devices are found, tried afresh or not; left out, that cannot be asked. */
  readonly devices?: (afresh: boolean) => DeviceReport;
}

/**
 * An engine without a model, for tests of the editor alone: it answers every run with a recorded one. The masked spans
 * and pictures of a request get those of the recording in their order, from the first again when it has fewer.
 */
export class ScriptedEngine implements EnginePort {
  readonly #recording: Recording;
  readonly #beforeFrame: (frame: number) => Promise<void> | void;
  readonly #devices: ScriptedEngineOptions['devices'];
  #last: Promise<unknown> = Promise.resolve();
  #disposed = false;
  /** What was asked for so far. */
  readonly requests: RefineRequest[] = [];

  constructor({ recording, beforeFrame, devices }: ScriptedEngineOptions) {
    this.#recording = recording;
    this.#beforeFrame = beforeFrame ?? (() => undefined);
    this.#devices = devices;
  }

  get model(): LoadedModel {
    return this.#recording.model;
  }

  /** One run at a time, as the engine does it. */
  async refine(request: RefineRequest, options: RefineOptions = {}): Promise<RefineResult> {
    const run = this.#last.then(() => this.#replay(request, options));
    this.#last = run.catch(() => undefined);
    return run;
  }

  async draw({ pictures }: DrawRequest): Promise<DrawnPicture[]> {
    const recorded = this.#recording.result.pictures;
    return pictures.map(({ segment }, index) => ({ ...nth(recorded, index), id: segment.id }));
  }

  async verify(): Promise<never> {
    throw notScripted();
  }

  async devices({ afresh }: { readonly afresh: boolean }): Promise<DeviceReport> {
    if (this.#devices === undefined) throw notScripted();
    return this.#devices(afresh);
  }

  async bench(): Promise<never> {
    throw notScripted();
  }

  async dispose(): Promise<void> {
    this.#disposed = true;
  }

  async #replay(request: RefineRequest, { signal, onFrame }: RefineOptions): Promise<RefineResult> {
    this.requests.push(request);
    const { frames, result } = this.#recording;
    const masked = maskedIn(request);
    let done: Frame | undefined;
    let isComplete = false;
    for (const [index, frame] of frames.entries()) {
      // As in the engine process, what is under way is told of between two passes.
      await new Promise(setImmediate);
      await this.#beforeFrame(index + 1);
      if (this.#disposed) throw new EngineError('run-failed', 'The engine was stopped during the run.');
      if (signal?.aborted === true) break;
      done = withIds(frame, masked);
      isComplete = index === frames.length - 1;
      onFrame?.(done);
    }
    const named = withIds(result, masked);
    if (isComplete || signal?.aborted !== true) return named;
    // The estimate of the last pass: of a picture there is none but the finished one.
    const { spans, forwardPasses } = named;
    return {
      ...named,
      interrupted: true,
      forwardPasses: done === undefined ? 0 : Math.min(done.pass, forwardPasses),
      spans: done === undefined ? [] : spans.map((span) => ({ ...span, text: textOf(done, span.id) })),
      pictures: done === undefined ? [] : named.pictures,
    };
  }
}

interface Masked {
  readonly spans: readonly string[];
  readonly pictures: readonly string[];
}

function maskedIn({ segments }: RefineRequest): Masked {
  return {
    spans: segments.filter((segment) => segment.kind === 'span').map(({ id }) => id),
    pictures: segments
      .filter((segment) => segment.kind === 'picture')
      .filter(({ masked }) => masked)
      .map(({ id }) => id),
  };
}

interface Identified {
  readonly id: string;
}

function withIds<T extends { readonly spans: Identified[]; readonly pictures: Identified[] }>(
  recorded: T,
  { spans, pictures }: Masked,
): T {
  return {
    ...recorded,
    spans: spans.map((id, index) => ({ ...nth(recorded.spans, index), id })),
    pictures: pictures.map((id, index) => ({ ...nth(recorded.pictures, index), id })),
  };
}

function nth<T>(items: readonly T[], index: number): T {
  return items[index % items.length]!;
}

function textOf(frame: Frame, id: string): string {
  return frame.spans.find((span) => span.id === id)?.text ?? '';
}

function notScripted(): EngineError {
  return new EngineError('run-failed', 'The scripted engine only refines.');
}
