/**
 * The sampler, frozen: recorded outputs of a denoiser go in, exactly the recorded frames must come out.
 *
 * The record was made by the denoiser of the tiny model package. After a change of the sampler that is meant to change
 * its results, make it anew: `RECORD_SAMPLER=1 npx vitest run --project golden test/golden/sampler.test.ts`.
 */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  refine,
  type Denoiser,
  type DenoiserBatch,
  type DenoiserOutputs,
  type FlowFrame,
  type FlowOptions,
  type FlowWindow,
} from '../../src/core/flow/index.js';
import { loadEngineModel } from '../../src/engine-host/engine-model.js';
import { tinyModel } from '../unit/engine-host/tiny-package.js';

const recordFile = path.resolve(import.meta.dirname, 'recorded/sampler.json');

const options: FlowOptions = {
  vocabulary: { size: 271, bos: 1, mask: 2, image: 3, firstTextToken: 7 },
  geometry: { patchesPerEdge: 2, patchSize: 16 },
  steps: 5,
  cleanUpPasses: 3,
  temperature: 0.8,
  topP: 0.9,
};

const present = Float32Array.from({ length: 64 }, (_, index) => Math.sin(index));

/** Everything at once: two windows, growing and fixed spans, strengths, guidance, drawn, redrawn and context pictures. */
const windows: FlowWindow[] = [
  {
    pieces: [
      { kind: 'context', tokens: [20, 21, 22] },
      { kind: 'span', span: { id: 'm1', tokens: [], strength: 1, max: 12, seed: 7, guidance: 1 } },
      { kind: 'context', tokens: [23, 24] },
      {
        kind: 'picture',
        picture: { id: 'm2', masked: true, styleToken: 5, strength: 1, seed: 7, guidance: 2 },
      },
      { kind: 'context', tokens: [25] },
      {
        kind: 'span',
        span: { id: 'm3', tokens: [30, 31, 32, 33], strength: 0.6, max: 20, seed: 7, guidance: 1.5 },
      },
    ],
  },
  {
    pieces: [
      {
        kind: 'picture',
        picture: {
          id: 'c1',
          masked: false,
          styleToken: 4,
          latents: present,
          strength: 1,
          seed: 7,
          guidance: 1,
        },
      },
      { kind: 'context', tokens: [40, 41] },
      {
        kind: 'span',
        span: { id: 'm4', tokens: [50, 51], strength: 0.5, length: 4, max: 4, seed: 9, guidance: 1 },
      },
      {
        kind: 'picture',
        picture: {
          id: 'm5',
          masked: true,
          styleToken: 6,
          latents: present,
          strength: 0.4,
          seed: 7,
          guidance: 1,
        },
      },
    ],
  },
];

type Outputs = Record<keyof DenoiserOutputs, string>;
interface Pass {
  /** SHA-256 of everything that the denoiser was given. */
  readonly batch: string;
  /** The outputs as base64 of little-endian fp32. */
  readonly outputs: Outputs;
}
interface Frame {
  readonly pass: number;
  readonly done: boolean;
  readonly spans: FlowFrame['spans'];
  readonly pictures: { readonly id: string; readonly t: number; readonly latents: string }[];
}
interface Recording {
  readonly passes: readonly Pass[];
  readonly frames: readonly Frame[];
}

const outputNames = ['gapEmptyLogits', 'gapRates', 'gapLogits', 'maskLogits', 'cleanPatches'] as const;

const toBase64 = (values: Float32Array): string =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');

const fromBase64 = (text: string): Float32Array => {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return new Float32Array(bytes.buffer);
};

function digest(batch: DenoiserBatch): string {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(batch).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(name);
    if (typeof value === 'number') hash.update(String(value));
    else {
      const { buffer, byteOffset, byteLength } = value as Float32Array | BigInt64Array;
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
    }
  }
  return hash.digest('hex');
}

/** Runs the flow, keeping what goes into and out of `denoiser`. */
async function record(denoiser: Denoiser): Promise<Recording> {
  const passes: Pass[] = [];
  const recording: Denoiser = {
    vocabularySize: denoiser.vocabularySize,
    run: async (batch) => {
      const batchDigest = digest(batch);
      const outputs = await denoiser.run(batch);
      const encoded = Object.fromEntries(outputNames.map((name) => [name, toBase64(outputs[name])]));
      passes.push({ batch: batchDigest, outputs: encoded as Outputs });
      return outputs;
    },
  };
  const frames: Frame[] = [];
  for await (const { pass, done, spans, pictures } of refine(windows, options, recording)) {
    frames.push({
      pass,
      done,
      spans,
      pictures: pictures.map(({ id, t, latents }) => ({ id, t, latents: toBase64(latents) })),
    });
  }
  return { passes, frames };
}

/** Gives the recorded outputs, one pass after the other. */
function replay(passes: readonly Pass[]): Denoiser {
  let next = 0;
  return {
    vocabularySize: options.vocabulary.size,
    run: async () => {
      const pass = passes[next];
      next += 1;
      if (pass === undefined) throw new Error(`Only ${passes.length} passes were recorded.`);
      const decoded = Object.fromEntries(outputNames.map((name) => [name, fromBase64(pass.outputs[name])]));
      return decoded as unknown as DenoiserOutputs;
    },
  };
}

test.runIf(process.env['RECORD_SAMPLER'])('records a run of the tiny model', async () => {
  const model = await loadEngineModel(tinyModel, 1);
  await writeFile(recordFile, `${JSON.stringify(await record(model.denoiser))}\n`);
  await model.dispose();
});

test('recorded denoiser outputs give the recorded batches and frames, to the bit', async () => {
  const recorded = JSON.parse(await readFile(recordFile, 'utf8')) as Recording;
  const again = await record(replay(recorded.passes));
  expect(again.frames).toEqual(recorded.frames);
  expect(again.passes.map(({ batch }) => batch)).toEqual(recorded.passes.map(({ batch }) => batch));
  expect(recorded.frames.at(-1)?.done).toBe(true);
});
