/** One run: a request in, a frame after every pass, the result out. */
import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { refine, refineSequentially, type FlowFrame } from '../core/flow/index.js';
import type {
  DrawnPicture,
  DrawRequest,
  Frame,
  Mode,
  RefineRequest,
  RefineResult,
} from '../protocol/engine-messages.js';
import { HostError } from './errors.js';
import { readSpan, toFrame, type TextReading } from './frames.js';
import type { EngineModel } from './engine-model.js';
import { encodePng, writePng } from './pictures.js';
import { toRgb } from './pixels.js';
import { prepareRun, type PreparedRun } from './prepare.js';

export interface RunOptions {
  /** Aborting ends the run after the pass in flight, with the estimate so far. */
  readonly signal: AbortSignal;
  readonly onFrame: (frame: Frame) => void;
}

/**
 * Refines the masked segments of `request`. Deterministic: the same request, model, device and number of threads
 * give the same result, times aside.
 * @throws HostError `bad-document` or `run-failed`
 */
export async function runRefine(
  model: EngineModel,
  request: RefineRequest,
  { signal, onFrame }: RunOptions,
): Promise<RefineResult> {
  const started = performance.now();
  const { manifest } = model;
  const device = model.device.current;
  const steps = request.steps ?? manifest.defaults.steps;
  const reading: TextReading = {
    tokenizer: model.tokenizer,
    firstTextToken: manifest.tokenizer.firstTextToken,
    known: new WeakMap(),
  };
  const prepared = await prepareRun(model, request, signal);
  const isNeeded = prepared.spans.size + prepared.pictures.size > 0;

  let last: FlowFrame | undefined;
  await letMessagesIn();
  if (isNeeded && !signal.aborted) {
    for await (const frame of runFlow(model, prepared, request.mode ?? 'concurrent', steps, signal)) {
      last = frame;
      const shown = toFrame(frame, prepared.spans, reading, manifest.image);
      const { decodeEvery } = request;
      const decodes = decodeEvery !== undefined && frame.pass % decodeEvery === 0 && !frame.done;
      onFrame(decodes ? await withDecodedPictures(model, shown) : shown);
      await letMessagesIn();
    }
  }
  const refined = performance.now();
  const pictures = await drawPictures(model, {
    pictures: (last?.pictures ?? []).map(({ id, latents }) => ({
      segment: prepared.pictures.get(id)!,
      latents,
    })),
    seed: request.seed,
    steps,
  });
  const warnings = [...prepared.warnings];
  if (model.device.current !== device) {
    warnings.push(`The GPU (${device}) failed during the run; the rest of it ran on the CPU.`);
  }
  return {
    interrupted: signal.aborted && last?.done !== true,
    device: model.device.current,
    forwardPasses: last?.pass ?? 0,
    steps,
    seconds: { refine: (refined - started) / 1000, decode: (performance.now() - refined) / 1000 },
    spans: (last?.spans ?? []).map((span) => {
      const { text, tokens } = readSpan(span, prepared.spans.get(span.id)!.form, reading);
      return { id: span.id, text, tokens };
    }),
    pictures,
    warnings,
  };
}

/** A pass blocks the event loop; between passes a cancel or the parent's end must come through. */
function letMessagesIn(): Promise<void> {
  return setImmediate();
}

/** The flow of `core`, under the model's numbers. It yields one frame per pass. */
export function runFlow(
  { manifest, denoiser }: EngineModel,
  { windows }: PreparedRun,
  mode: Mode,
  steps: number,
  signal: AbortSignal,
): AsyncGenerator<FlowFrame> {
  const { tokenizer, image, defaults } = manifest;
  const { bos, mask, image: imageToken } = tokenizer.special;
  const flow = mode === 'sequential' ? refineSequentially : refine;
  return flow(
    windows,
    {
      vocabulary: {
        size: tokenizer.vocabularySize,
        bos,
        mask,
        image: imageToken,
        firstTextToken: tokenizer.firstTextToken,
      },
      geometry: {
        patchesPerEdge: image.latent.size / image.patch,
        patchSize: image.latent.channels * image.patch ** 2,
      },
      steps,
      cleanUpPasses: defaults.cleanUpPasses,
      temperature: defaults.temperature,
      topP: defaults.topP,
      signal,
    },
    denoiser,
  );
}

/** The frame with its pictures as the decoder sees them. */
async function withDecodedPictures({ manifest, autoencoder }: EngineModel, frame: Frame): Promise<Frame> {
  const { size } = manifest.image;
  const pictures: Frame['pictures'] = [];
  for (const picture of frame.pictures) {
    const png = await encodePng(toRgb(await autoencoder.decode(picture.latents), size), size);
    pictures.push({ ...picture, png });
  }
  return { ...frame, pictures };
}

/**
 * Makes files of latents, with their provenance.
 * @throws HostError `run-failed` for latents that are not of this model
 */
export async function drawPictures(
  { manifest, autoencoder }: EngineModel,
  { pictures, seed, steps }: DrawRequest,
): Promise<DrawnPicture[]> {
  const { latent } = manifest.image;
  const length = latent.channels * latent.size ** 2;
  const drawn: DrawnPicture[] = [];
  for (const { segment, latents } of pictures) {
    if (latents.length !== length) {
      throw new HostError(
        'run-failed',
        `A picture of this model is ${length} numbers; these are ${latents.length}, from another model.`,
      );
    }
    const size = segment.size ?? manifest.image.defaultSize;
    const png = await writePng(toRgb(await autoencoder.decode(latents), manifest.image.size), size, {
      model: manifest.name,
      version: manifest.version,
      seed: segment.seed ?? seed,
      steps,
      prompt: segment.alt,
      style: segment.style ?? manifest.image.defaultStyle,
    });
    drawn.push({ id: segment.id, png, width: size, height: size });
  }
  return drawn;
}
