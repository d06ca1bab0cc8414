/** Runs what a package recorded when it was exported, and compares. */
import { performance } from 'node:perf_hooks';
import * as z from 'zod/mini';
import type { VerifyResult } from '../protocol/engine-messages.js';
import type { EngineModel } from './engine-model.js';
import { badModel, firstLine, HostError } from './errors.js';
import type { TensorValue, TensorValues } from './graph.js';
import type { GraphName } from './model-graphs.js';

const tensorSchema = z.object({
  type: z.enum(['float32', 'int64']),
  shape: z.array(z.int().check(z.gte(1))),
  data: z.array(z.number()),
});
type RecordedTensor = z.infer<typeof tensorSchema>;

const recordingSchema = z.object({
  inputs: z.record(z.string(), tensorSchema),
  outputs: z.record(z.string(), tensorSchema),
});
type Recording = z.infer<typeof recordingSchema>;

const referenceSchema = z.object({
  denoiser: recordingSchema,
  encoder: recordingSchema,
  decoder: recordingSchema,
});

/**
 * Runs the package's reference input through every graph and compares with the recorded outputs.
 * @throws HostError `bad-model` when an error is above the package's tolerance
 */
export async function verifyModel(model: EngineModel): Promise<VerifyResult> {
  const { manifest } = model;
  const { file, tolerance } = manifest.reference;
  const reference = parseReference(model.reference, file);
  const graphs: VerifyResult['graphs'] = [];
  for (const name of ['denoiser', 'encoder', 'decoder'] as const) {
    const started = performance.now();
    const maxAbsoluteError = await compare(model, name, reference[name]);
    graphs.push({ name, maxAbsoluteError, tolerance, seconds: (performance.now() - started) / 1000 });
    if (maxAbsoluteError > tolerance) {
      throw badModel(
        `The ${name} (${manifest.graphs[name].file}) differs from its reference in ${file} by up to ` +
          `${maxAbsoluteError.toPrecision(3)}, more than the ${tolerance} allowed; do not use this package.`,
      );
    }
  }
  return { graphs, files: manifest.files };
}

function parseReference(bytes: Uint8Array, file: string): z.infer<typeof referenceSchema> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw badModel(`${file} is not valid JSON: ${firstLine(error)}.`);
  }
  const parsed = z.safeParse(referenceSchema, json);
  if (!parsed.success) {
    throw badModel(`${file} is no reference recording: see ${parsed.error.issues[0]!.path.join('.')}.`);
  }
  return parsed.data;
}

/** The largest absolute difference between recorded and actual outputs. */
async function compare(
  { graphs, manifest }: EngineModel,
  name: GraphName,
  recording: Recording,
): Promise<number> {
  const { file } = manifest.reference;
  let actual: TensorValues;
  try {
    actual = await graphs[name].run(
      Object.fromEntries(
        Object.entries(recording.inputs).map(([key, tensor]) => [
          key,
          toTensor(tensor, `${file}: ${name}.${key}`),
        ]),
      ),
    );
  } catch (error) {
    throw error instanceof HostError ? badModel(error.message) : error;
  }
  let worst = 0;
  for (const [key, { data }] of Object.entries(actual)) {
    const recorded = recording.outputs[key];
    if (recorded?.data.length !== data.length) {
      throw badModel(`${file} holds no ${data.length} numbers for the ${name}'s output "${key}".`);
    }
    data.forEach((value: number | bigint, index: number) => {
      worst = Math.max(worst, Math.abs(Number(value) - recorded.data[index]!));
    });
  }
  return worst;
}

function toTensor({ type, shape, data }: RecordedTensor, where: string): TensorValue {
  if (shape.reduce((product, size) => product * size, 1) !== data.length) {
    throw badModel(`${where} has ${data.length} numbers, which do not fill the shape [${shape.join(', ')}].`);
  }
  if (type === 'float32') return { type, shape, data: Float32Array.from(data) };
  if (!data.every(Number.isSafeInteger)) throw badModel(`${where} has numbers that are no integers.`);
  return { type, shape, data: BigInt64Array.from(data, BigInt) };
}
