/** Made-up inputs that have everything a real one has: for trying graphs out, comparing devices and measuring speed. */
import type { DenoiserBatch } from '../core/flow/denoiser.js';
import { createStream, normals, Purpose, uniform } from '../core/flow/random.js';
import type { ModelManifest } from '../protocol/model-package.js';

/** Always the same numbers, so that a trial that fails fails again. */
const stream = createStream(0, 'trial');

/**
 * A batch with one picture in every row and so many text tokens (at least four): all of one sequence in the first row;
 * in the others a second sequence and a position of padding at the end.
 */
export function trialBatch(
  manifest: ModelManifest,
  { rows, textLength }: { readonly rows: number; readonly textLength: number },
): DenoiserBatch {
  const { tokenizer, image } = manifest;
  const { special, firstTextToken, vocabularySize } = tokenizer;
  const patchesPerEdge = image.latent.size / image.patch;
  const patchLength = patchesPerPicture(manifest);
  const patchSize = image.latent.channels * image.patch ** 2;
  const text = BigInt64Array.from({ length: rows * textLength }, (_, at) => {
    const start = [special.bos, special.mask, special.image][at % textLength];
    const drawn = Math.floor(uniform(stream, Purpose.Token, 0, at) * (vocabularySize - firstTextToken));
    return BigInt(start ?? firstTextToken + drawn);
  });
  const half = textLength >> 1;
  const sequenceOf = (at: number): number => {
    const [row, position] = [Math.floor(at / textLength), at % textLength];
    if (row === 0 || position < half) return 0;
    return position === textLength - 1 ? -1 : 1;
  };
  const sequences = Array.from(text, (_, at) => sequenceOf(at));
  return {
    rows,
    textLength,
    patchLength,
    patchSize,
    tokens: text.map((token, at) => (sequences[at] === -1 ? 0n : token)),
    tokenPositions: BigInt64Array.from(sequences, (sequence, at) =>
      BigInt(sequence === -1 ? 0 : (at % textLength) - (sequence === 1 ? half : 0)),
    ),
    tokenSequences: BigInt64Array.from(sequences, BigInt),
    tokenOpen: BigInt64Array.from(sequences, (sequence) => (sequence === -1 ? 0n : 1n)),
    patches: normals(stream, Purpose.Noise, 0, rows * patchLength * patchSize),
    patchPositions: BigInt64Array.from({ length: rows * patchLength * 3 }, (_, at) => {
      const patch = Math.floor(at / 3) % patchLength;
      return [2n, BigInt(Math.floor(patch / patchesPerEdge) + 1), BigInt((patch % patchesPerEdge) + 1)][
        at % 3
      ]!;
    }),
    patchSequences: new BigInt64Array(rows * patchLength),
    patchTimes: new Float32Array(rows * patchLength).fill(0.5),
    gapRows: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * textLength)),
    maskRows: BigInt64Array.from({ length: rows }, (_, row) => BigInt(row * textLength + 1)),
  };
}

/** A picture of coloured noise, as the autoencoder takes it. */
export function trialPicture({ image }: ModelManifest): Float32Array {
  return Float32Array.from({ length: 3 * image.size ** 2 }, (_, at) => uniform(stream, Purpose.Keep, 0, at));
}

/** Positions that a picture takes. */
export function patchesPerPicture({ image }: ModelManifest): number {
  return (image.latent.size / image.patch) ** 2;
}
