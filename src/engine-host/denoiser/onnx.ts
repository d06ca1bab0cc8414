/** The `Denoiser` port over a package's denoiser graph. */
import type { Denoiser, DenoiserBatch, DenoiserOutputs } from '../../core/flow/denoiser.js';
import type { GraphContract, RunnableGraph, TensorValue } from '../graph.js';

/** Sizes that the package fixes. */
export interface DenoiserSizes {
  readonly vocabularySize: number;
  /** Numbers per patch. */
  readonly patchSize: number;
  /** Angular frequencies of the image time features. */
  readonly timeFrequencies: readonly number[];
}

/** Names, types and sizes of the graph's inputs and outputs; the axes are those of `DenoiserBatch`. */
export function denoiserContract(sizes: DenoiserSizes): GraphContract {
  const int64 = (name: string, ...shape: (number | null)[]) => ({ name, type: 'int64', shape }) as const;
  const float32 = (name: string, ...shape: (number | null)[]) => ({ name, type: 'float32', shape }) as const;
  const any = null;
  return {
    inputs: [
      int64('tokens', any, any),
      int64('token_positions', any, any),
      int64('token_sequences', any, any),
      int64('token_open', any, any),
      float32('patches', any, any, sizes.patchSize),
      int64('patch_positions', any, any, 3),
      int64('patch_sequences', any, any),
      float32('patch_time_features', any, any, 2 * sizes.timeFrequencies.length),
      int64('gap_rows', any),
      int64('mask_rows', any),
    ],
    outputs: [
      float32('gap_empty_logits', any),
      float32('gap_rates', any),
      float32('gap_logits', any, sizes.vocabularySize),
      float32('mask_logits', any, sizes.vocabularySize),
      float32('clean_patches', any, any, sizes.patchSize),
    ],
  };
}

/** Evaluates batches with `graph`, which was loaded under `denoiserContract(sizes)`. */
export function onnxDenoiser(graph: RunnableGraph, sizes: DenoiserSizes): Denoiser {
  return {
    vocabularySize: sizes.vocabularySize,
    run: async (batch) => {
      const outputs = await graph.run(toFeeds(batch, sizes.timeFrequencies));
      const read = (name: string, length: number): Float32Array => {
        const { data } = outputs[name]!;
        if (!(data instanceof Float32Array) || data.length !== length) {
          throw new Error(`${name} has ${data.length} numbers instead of ${length}`);
        }
        return data;
      };
      const { rows, patchLength, patchSize, gapRows, maskRows } = batch;
      return {
        gapEmptyLogits: read('gap_empty_logits', gapRows.length),
        gapRates: read('gap_rates', gapRows.length),
        gapLogits: read('gap_logits', gapRows.length * sizes.vocabularySize),
        maskLogits: read('mask_logits', maskRows.length * sizes.vocabularySize),
        cleanPatches:
          patchLength === 0 ? new Float32Array(0) : read('clean_patches', rows * patchLength * patchSize),
      } satisfies DenoiserOutputs;
    },
  };
}

function toFeeds(batch: DenoiserBatch, frequencies: readonly number[]): Record<string, TensorValue> {
  const { rows, textLength } = batch;
  const int64 = (data: BigInt64Array, ...shape: number[]): TensorValue => ({ type: 'int64', data, shape });
  const float32 = (data: Float32Array, ...shape: number[]): TensorValue => ({ type: 'float32', data, shape });
  const pictures = batch.patchLength > 0 ? batch : withUnusedPatch(batch);
  const { patchLength, patchSize } = pictures;
  return {
    tokens: int64(batch.tokens, rows, textLength),
    token_positions: int64(batch.tokenPositions, rows, textLength),
    token_sequences: int64(batch.tokenSequences, rows, textLength),
    token_open: int64(batch.tokenOpen, rows, textLength),
    patches: float32(pictures.patches, rows, patchLength, patchSize),
    patch_positions: int64(pictures.patchPositions, rows, patchLength, 3),
    patch_sequences: int64(pictures.patchSequences, rows, patchLength),
    patch_time_features: float32(
      timeFeatures(pictures.patchTimes, frequencies),
      rows,
      patchLength,
      2 * frequencies.length,
    ),
    gap_rows: int64(batch.gapRows, batch.gapRows.length),
    mask_rows: int64(batch.maskRows, batch.maskRows.length),
  };
}

type Patches = Pick<
  DenoiserBatch,
  'patchLength' | 'patchSize' | 'patches' | 'patchPositions' | 'patchSequences' | 'patchTimes'
>;

/** One patch of padding per row: kernels of ONNX Runtime do not all take tensors without a single number. */
function withUnusedPatch({ rows, patchSize }: DenoiserBatch): Patches {
  return {
    patchLength: 1,
    patchSize,
    patches: new Float32Array(rows * patchSize),
    patchPositions: new BigInt64Array(rows * 3),
    patchSequences: new BigInt64Array(rows).fill(-1n),
    patchTimes: new Float32Array(rows).fill(1),
  };
}

/**
 * Features of image times: for each time all sines of time · frequency, then all cosines. Computed here and not in
 * the graph, since sines of large angles lose precision on some GPUs.
 */
function timeFeatures(times: Float32Array, frequencies: readonly number[]): Float32Array {
  const count = frequencies.length;
  const width = 2 * count;
  const features = new Float32Array(times.length * width);
  times.forEach((time, row) => {
    const start = row * width;
    // The patches of a picture have one time.
    if (row > 0 && time === times[row - 1]) {
      features.copyWithin(start, start - width, start);
      return;
    }
    frequencies.forEach((frequency, column) => {
      features[start + column] = Math.sin(time * frequency);
      features[start + count + column] = Math.cos(time * frequency);
    });
  });
  return features;
}
