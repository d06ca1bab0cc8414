/** What a machine's devices are found to be worth: kept in a cache between starts, and told to who asks. */
import * as z from 'zod/mini';

/** Execution providers of ONNX Runtime that OneFlow knows, by its names for them. */
const gpuProviderSchema = z.enum(['webgpu', 'cuda', 'dml', 'coreml']);
export type GpuProvider = z.infer<typeof gpuProviderSchema>;
export const providerSchema = z.enum(['cpu', ...gpuProviderSchema.options]);
export type Provider = z.infer<typeof providerSchema>;

/** What an author can ask for: a provider, or the best that is found to be right. */
export const deviceSchema = z.enum(['auto', ...providerSchema.options]);
export type Device = z.infer<typeof deviceSchema>;

const milliseconds = z.number().check(z.gte(0));

/** How fast one pass of the model is with so many threads on the CPU. */
const threadSpeedSchema = z.object({ threads: z.int().check(z.gte(1)), milliseconds });
export type ThreadSpeed = z.infer<typeof threadSpeedSchema>;

/** What trying a GPU came to. */
export const gpuVerdictSchema = z.discriminatedUnion('usable', [
  z.object({
    usable: z.literal(true),
    /** Against the CPU, over every output of every graph. */
    maxAbsoluteError: z.number(),
    /** One and the same pass on the GPU and on the CPU. */
    milliseconds,
    cpuMilliseconds: milliseconds,
  }),
  z.object({
    usable: z.literal(false),
    /**
     * `unavailable`: no such provider, driver or adapter; `wrong`: numbers other than the CPU's; `crashed` and `hung`:
     * how the process that tried it ended; `failed`: it was right in its trial and failed later, in real use.
     */
    problem: z.enum(['unavailable', 'wrong', 'crashed', 'hung', 'failed']),
    /** For a log, not for an author: often ONNX Runtime's own words. */
    detail: z.string(),
  }),
]);
export type GpuVerdict = z.infer<typeof gpuVerdictSchema>;

/** Whether a GPU is worth using: right, and faster than the CPU. */
export function isBetterThanCpu(verdict: GpuVerdict): boolean {
  return verdict.usable && verdict.milliseconds < verdict.cpuMilliseconds;
}

/** A GPU that failed in earnest, after its trial: it took the process along, hung in it, or computed nothing. */
export const gpuFailureSchema = z.object({ device: gpuProviderSchema, detail: z.string() });
export type GpuFailure = z.infer<typeof gpuFailureSchema>;

/** Measured speeds per number of threads, or how the measuring process failed. */
export const cpuVerdictSchema = z.union([
  z.object({ speeds: z.array(threadSpeedSchema).check(z.minLength(1)) }),
  z.object({ problem: z.enum(['crashed', 'hung']), detail: z.string() }),
]);
export type CpuVerdict = z.infer<typeof cpuVerdictSchema>;

/** A verdict as it is kept: it holds for this model on this machine alone. */
export const keptVerdictSchema = z.object({
  format: z.literal('oneflow-verdict/1'),
  /** SHA-256 of model.json. */
  model: z.string(),
  device: providerSchema,
  /** ONNX Runtime's version, the CPU, and for a GPU its drivers. */
  machine: z.string(),
  verdict: z.unknown(),
});
export type KeptVerdict = z.infer<typeof keptVerdictSchema>;

/** Every device of this machine. */
export const deviceReportSchema = z.object({
  /** What `auto` chooses. */
  auto: providerSchema,
  /** Threads that the CPU runs on, and how fast the counts are that were measured (none without a cache). */
  threads: z.int(),
  speeds: z.array(threadSpeedSchema),
  /** Why there are no speeds, where measuring them was tried. */
  cpuProblem: z.optional(z.string()),
  gpus: z.array(z.object({ provider: providerSchema, verdict: gpuVerdictSchema })),
});
export type DeviceReport = z.infer<typeof deviceReportSchema>;

/** What a probe process is asked: how fast the CPU is with each number of threads, or whether a GPU can be used. */
export const toProbeSchema = z.object({
  modelDirectory: z.string(),
  provider: providerSchema,
  /** Threads of the CPU's side when a GPU is compared with it; the counts to measure for the CPU itself. */
  threads: z.array(z.int().check(z.gte(1))).check(z.minLength(1)),
});
export type ToProbe = z.infer<typeof toProbeSchema>;

export const fromProbeSchema = z.discriminatedUnion('type', [
  /** The process understands messages now. */
  z.object({ type: z.literal('ready') }),
  /** A step is done: the process does not hang. */
  z.object({ type: z.literal('step'), done: z.string() }),
  z.object({ type: z.literal('cpu'), speeds: z.array(threadSpeedSchema).check(z.minLength(1)) }),
  z.object({ type: z.literal('gpu'), verdict: gpuVerdictSchema }),
  /** The trial could not be made: the model package is bad, say. */
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type FromProbe = z.infer<typeof fromProbeSchema>;
