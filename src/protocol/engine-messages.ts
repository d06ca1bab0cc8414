/** Messages between the engine's owner (editor, command line) and the engine process. Checked on both sides. */
import * as z from 'zod/mini';
import { benchResultSchema } from './bench.js';
import { deviceReportSchema, deviceSchema, gpuFailureSchema, providerSchema } from './devices.js';
import { limits } from './limits.js';
import {
  guidanceSchema,
  pictureSegmentSchema,
  seedSchema,
  segmentSchema,
  wholeNumberIn,
} from './segments.js';

const bytesSchema = z.instanceof(Uint8Array);
/** Standardised patches of one picture, as the flow sees them. */
const latentsSchema = z.custom<Float32Array>((value) => value instanceof Float32Array);
const runId = z.int();

/** Why a load or a run failed; the code is stable, the message is one sentence for the author. */
const engineErrorSchema = z.object({
  code: z.enum([
    'bad-model',
    'bad-document',
    'run-failed',
    'out-of-memory',
    'engine-died',
    'engine-unavailable',
  ]),
  message: z.string(),
  /** The segment of the request that it is about. */
  segment: z.optional(z.string()),
});
export type EngineErrorValue = z.infer<typeof engineErrorSchema>;

export const modeSchema = z.enum(['concurrent', 'sequential']);
export type Mode = z.infer<typeof modeSchema>;

/** What to refine and how. Options of a segment beat those of the run; those left out come from the model. */
const refineRequestSchema = z.object({
  segments: z.array(segmentSchema),
  steps: z.optional(wholeNumberIn(limits.steps)),
  seed: seedSchema,
  guidance: z.optional(guidanceSchema),
  /** Everything at once, unless the yardstick is asked for: a token a pass, then each picture on its own. */
  mode: z.optional(modeSchema),
  /** Every how many passes frames show the pictures as the decoder sees them; left out, never. */
  decodeEvery: z.optional(z.int().check(z.gte(1))),
});
export type RefineRequest = z.infer<typeof refineRequestSchema>;

/** Pictures as they stood after some pass of a run, to be made into files. */
const drawRequestSchema = z.object({
  pictures: z.array(z.object({ segment: pictureSegmentSchema, latents: latentsSchema })),
  /** Of the run: for the pictures' provenance. */
  seed: seedSchema,
  steps: z.int().check(z.gte(1)),
});
export type DrawRequest = z.infer<typeof drawRequestSchema>;

export const toEngineSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('load'),
    modelDirectory: z.string(),
    device: deviceSchema,
    /** Threads of one session; the same number gives the same bytes. Left out, the process chooses. */
    threads: z.optional(wholeNumberIn(limits.threads)),
    /**
     * Folder where measurements of this machine are kept. Left out, nothing is measured: `auto` is the CPU, and the
     * number of threads follows from the number of cores.
     */
    cacheDirectory: z.optional(z.string()),
    /** GPUs that failed in earlier processes of this engine: none of them is used, however it is asked for. */
    failedGpus: z.optional(z.array(gpuFailureSchema)),
  }),
  /**
   * Records for later starts that a GPU failed. Sent to a fresh process, in place of `load`, after another process has
   * died of that failure.
   */
  z.object({
    type: z.literal('keep-failure'),
    modelDirectory: z.string(),
    cacheDirectory: z.string(),
    failure: gpuFailureSchema,
  }),
  z.object({ type: z.literal('refine'), runId, request: refineRequestSchema }),
  z.object({ type: z.literal('draw'), runId, request: drawRequestSchema }),
  /** Runs the package's reference input through every graph and compares. Needs a loaded model. */
  z.object({ type: z.literal('verify'), runId }),
  /** Asks what every device of this machine is worth: found out afresh, or kept from before where it was. */
  z.object({ type: z.literal('devices'), runId, afresh: z.boolean() }),
  /** Measures the loaded model, and runs on these documents. */
  z.object({ type: z.literal('bench'), runId, requests: z.array(refineRequestSchema) }),
  z.object({ type: z.literal('cancel'), runId }),
  /** Answered by a `pong` as soon as no pass blocks the process: how its owner knows that it is not stuck. */
  z.object({ type: z.literal('ping') }),
]);
export type ToEngine = z.infer<typeof toEngineSchema>;

const loadedModelSchema = z.object({
  name: z.string(),
  version: z.string(),
  /** SHA-256 of model.json, which holds the hashes of all other files. */
  sha256: z.string(),
  device: providerSchema,
  threads: z.int(),
  /**
   * One sentence when it runs on the CPU although a GPU was asked for; where one was only looked for (`auto`), at the
   * start that found out.
   */
  deviceNote: z.optional(z.string()),
  /** From the start of the process to a model that is ready; trials of devices, made at the first start, included. */
  loadSeconds: z.number(),
  /** Names that the `style` option takes, and edges that `size` takes. */
  styles: z.array(z.string()),
  sizes: z.array(z.int()),
  defaults: z.object({ steps: z.int(), guidance: z.object({ text: z.number(), image: z.number() }) }),
});
export type LoadedModel = z.infer<typeof loadedModelSchema>;

/** The state after one pass of the denoiser. */
const frameSchema = z.object({
  /** Passes done and the number planned (clean-up passes may be added or saved). */
  pass: z.int(),
  passes: z.int(),
  spans: z.array(
    z.object({
      id: z.string(),
      t: z.number(),
      text: z.string(),
      /** Ranges of `text`, in UTF-16 units, that this pass wrote. */
      fresh: z.array(z.tuple([z.int(), z.int()])),
    }),
  ),
  pictures: z.array(
    z.object({
      id: z.string(),
      t: z.number(),
      /** A linear preview of the latents: `width × height` RGB bytes. */
      preview: z.object({ width: z.int(), height: z.int(), rgb: bytesSchema }),
      /** The best estimate of the clean picture: what `draw` makes a file of. */
      latents: latentsSchema,
      /** The picture as the decoder sees it, at the model's own size, where the request asked for it. */
      png: z.optional(bytesSchema),
    }),
  ),
});
export type Frame = z.infer<typeof frameSchema>;

const drawnPictureSchema = z.object({
  id: z.string(),
  png: bytesSchema,
  width: z.int(),
  height: z.int(),
});
export type DrawnPicture = z.infer<typeof drawnPictureSchema>;

const refineResultSchema = z.object({
  /** True when the run was cancelled: the estimate of the last finished pass. */
  interrupted: z.boolean(),
  /** What the run ended on: the CPU, when a GPU failed during it. */
  device: providerSchema,
  /** Runs of the denoiser, guidance and windows included. */
  forwardPasses: z.int(),
  steps: z.int(),
  seconds: z.object({ refine: z.number(), decode: z.number() }),
  spans: z.array(z.object({ id: z.string(), text: z.string(), tokens: z.int() })),
  pictures: z.array(drawnPictureSchema),
  warnings: z.array(z.string()),
});
export type RefineResult = z.infer<typeof refineResultSchema>;

const verifyResultSchema = z.object({
  graphs: z.array(
    z.object({ name: z.string(), maxAbsoluteError: z.number(), tolerance: z.number(), seconds: z.number() }),
  ),
  files: z.array(z.object({ path: z.string(), bytes: z.int(), sha256: z.string() })),
});
export type VerifyResult = z.infer<typeof verifyResultSchema>;

export const fromEngineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('pong') }),
  /** During a load: a device is tried, once for all starts; that can take a minute. */
  z.object({ type: z.literal('trying'), device: providerSchema }),
  /** During a load: the model is loaded on this device from now on. */
  z.object({ type: z.literal('loading'), device: providerSchema }),
  /** The GPU failed; the process lives and goes on on the CPU. */
  z.object({ type: z.literal('gpu-failed'), failure: gpuFailureSchema }),
  z.object({ type: z.literal('failure-kept') }),
  z.object({ type: z.literal('loaded'), model: loadedModelSchema }),
  z.object({ type: z.literal('frame'), runId, frame: frameSchema }),
  z.object({ type: z.literal('refined'), runId, result: refineResultSchema }),
  z.object({ type: z.literal('drawn'), runId, pictures: z.array(drawnPictureSchema) }),
  z.object({ type: z.literal('verified'), runId, result: verifyResultSchema }),
  z.object({ type: z.literal('devices'), runId, result: deviceReportSchema }),
  z.object({ type: z.literal('bench'), runId, result: benchResultSchema }),
  /** `runId` is missing when a load failed. */
  z.object({ type: z.literal('failed'), runId: z.optional(runId), error: engineErrorSchema }),
]);
export type FromEngine = z.infer<typeof fromEngineSchema>;
