/** What the command line prints with `--json`: one object, named by its `format`. Other people's scripts rely on it. */
import * as z from 'zod/mini';
import { benchResultSchema, documentSpeedSchema } from './bench.js';
import { deviceReportSchema, providerSchema } from './devices.js';
import { seedSchema } from './segments.js';

const sha256Schema = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const countSchema = z.int().check(z.gte(0));
const placeSchema = z.int().check(z.gte(1));
const secondsSchema = z.number().check(z.gte(0));
const modelSchema = z.object({ name: z.string(), version: z.string(), sha256: sha256Schema });
/** Line and column are 1-based; columns count UTF-16 units. */
const place = { line: placeSchema, column: placeSchema };

const refinedMask = { id: z.string(), ...place, before: z.string() };

export const cliRefineSchema = z.strictObject({
  format: z.literal('oneflow-refine/1'),
  input: z.string(),
  output: z.string(),
  /** True when the run was stopped: the output holds the estimate of its last pass. */
  interrupted: z.boolean(),
  model: modelSchema,
  device: z.string(),
  seed: seedSchema,
  steps: countSchema,
  forwardPasses: countSchema,
  /** `load`: from the start of the engine process to a model that is ready, trials of this machine included. */
  seconds: z.object({ load: secondsSchema, refine: secondsSchema, decode: secondsSchema }),
  /** The masks that were refined, in document order. */
  masks: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ ...refinedMask, kind: z.literal('text'), after: z.string(), tokens: countSchema }),
      z.strictObject({
        ...refinedMask,
        kind: z.literal('image'),
        /** Path of the picture relative to the output's folder, with `/`. */
        file: z.string(),
        width: placeSchema,
        height: placeSchema,
      }),
    ]),
  ),
  warnings: z.array(z.string()),
});
export type CliRefine = z.infer<typeof cliRefineSchema>;

export const cliInspectSchema = z.strictObject({
  format: z.literal('oneflow-inspect/1'),
  input: z.string(),
  masks: z.array(
    z.strictObject({
      id: z.string(),
      kind: z.enum(['text', 'image']),
      form: z.enum(['inline', 'cell', 'block', 'slot']),
      ...place,
      before: z.string(),
      alt: z.optional(z.string()),
      options: z.record(z.string(), z.union([z.string(), z.number()])),
    }),
  ),
  warnings: z.array(z.object({ code: z.string(), message: z.string(), ...place })),
});
export type CliInspect = z.infer<typeof cliInspectSchema>;

export const cliVerifySchema = z.strictObject({
  format: z.literal('oneflow-verify/1'),
  directory: z.string(),
  model: modelSchema,
  files: z.array(z.object({ path: z.string(), bytes: countSchema, sha256: sha256Schema })),
  graphs: z.array(
    z.object({
      name: z.string(),
      maxAbsoluteError: z.number(),
      tolerance: z.number(),
      seconds: secondsSchema,
    }),
  ),
});
export type CliVerify = z.infer<typeof cliVerifySchema>;

export const cliDevicesSchema = z.strictObject({
  format: z.literal('oneflow-devices/1'),
  /** As in Node: `linux-x64`. */
  platform: z.string(),
  /** The embedded model: what is found holds for it. */
  model: modelSchema,
  ...deviceReportSchema.shape,
});
export type CliDevices = z.infer<typeof cliDevicesSchema>;

export const cliBenchSchema = z.strictObject({
  format: z.literal('oneflow-bench/1'),
  model: modelSchema,
  /** What a time is worth depends on it; it does not say whose machine it is. */
  machine: z.strictObject({
    platform: z.string(),
    cpu: z.string(),
    cores: placeSchema,
    memoryBytes: countSchema,
    node: z.string(),
  }),
  /** The CPU first, then the GPUs that are right and faster. */
  devices: z.array(
    z.strictObject({
      device: providerSchema,
      threads: placeSchema,
      loadSeconds: secondsSchema,
      /** From the start of the engine process to the first frame of the first document. */
      firstFrameSeconds: secondsSchema,
      ...benchResultSchema.shape,
      documents: z.array(z.strictObject({ file: z.string(), ...documentSpeedSchema.shape })),
    }),
  ),
});
export type CliBench = z.infer<typeof cliBenchSchema>;

export const cliErrorSchema = z.strictObject({
  format: z.literal('oneflow-error/1'),
  error: z.strictObject({
    /** Stable: made to be compared. */
    code: z.string(),
    /** One sentence for a person: what is wrong, where, what to do. */
    message: z.string(),
    line: z.optional(placeSchema),
    column: z.optional(placeSchema),
  }),
});
export type CliError = z.infer<typeof cliErrorSchema>;
