/** Denoisers whose answers are known, and small inputs for them. */
import type { Denoiser, DenoiserBatch, DenoiserOutputs } from '../../../../src/core/flow/denoiser.js';
import {
  refine,
  type FlowFrame,
  type FlowOptions,
  type FlowWindow,
} from '../../../../src/core/flow/index.js';
import type { PictureInput, SpanInput } from '../../../../src/core/flow/window.js';

export const vocabulary = { size: 32, bos: 1, mask: 2, image: 3, firstTextToken: 8 };
export const geometry = { patchesPerEdge: 2, patchSize: 3 };
/** A logit so large that its probability is 1, or 0 with a minus, exactly. */
export const CERTAIN = 1000;

export const options: FlowOptions = {
  vocabulary,
  geometry,
  steps: 4,
  cleanUpPasses: 8,
  temperature: 1,
  topP: 1,
};

export function span(input: Partial<SpanInput> = {}): SpanInput {
  return { id: 'm1', tokens: [], strength: 1, max: 1000, seed: 7, guidance: 1, ...input };
}

export function picture(input: Partial<PictureInput> = {}): PictureInput {
  return { id: 'm2', masked: true, styleToken: 4, strength: 1, seed: 7, guidance: 1, ...input };
}

export const spanWindow = (input: Partial<SpanInput> = {}): FlowWindow => ({
  pieces: [{ kind: 'span', span: span(input) }],
});

export const pictureWindow = (input: Partial<PictureInput> = {}): FlowWindow => ({
  pieces: [{ kind: 'picture', picture: picture(input) }],
});

/** Answers that can be given place by place; what is left out is neutral. */
interface Answers {
  /** Logit of "nothing is missing" right of a token. */
  readonly empty?: (at: TextPlace) => number;
  readonly rate?: (at: TextPlace) => number;
  readonly gapLogits?: (at: TextPlace, token: number) => number;
  readonly maskLogits?: (at: TextPlace, token: number) => number;
  /** The clean value of the number at `index` of `patches`, whose patch is number `patch` of the batch. */
  readonly clean?: (at: { batch: DenoiserBatch; index: number; patch: number }) => number;
}

export interface TextPlace {
  readonly batch: DenoiserBatch;
  /** Flat index of the position. */
  readonly at: number;
  readonly token: number;
  /** The token to the right in the same sequence. */
  readonly next: number | undefined;
}

function placeOf(batch: DenoiserBatch, at: number): TextPlace {
  const sameRow = (at + 1) % batch.textLength !== 0;
  const sameSequence = sameRow && batch.tokenSequences[at] === batch.tokenSequences[at + 1];
  return {
    batch,
    at,
    token: Number(batch.tokens[at]),
    next: sameSequence ? Number(batch.tokens[at + 1]) : undefined,
  };
}

/** A denoiser that answers by functions and keeps the batches that it was given. */
export function answering(answers: Answers, vocabularySize = vocabulary.size) {
  const batches: DenoiserBatch[] = [];
  const denoiser: Denoiser = {
    vocabularySize,
    run: async (batch): Promise<DenoiserOutputs> => {
      batches.push(batch);
      const gaps = Array.from(batch.gapRows, (row) => placeOf(batch, Number(row)));
      const masks = Array.from(batch.maskRows, (row) => placeOf(batch, Number(row)));
      const logits = (places: TextPlace[], answer: Answers['gapLogits']) => {
        const values = new Float32Array(places.length * vocabularySize);
        if (answer === undefined) return values;
        places.forEach((place, row) => {
          for (let token = 0; token < vocabularySize; token++) {
            values[row * vocabularySize + token] = answer(place, token);
          }
        });
        return values;
      };
      return {
        gapEmptyLogits: Float32Array.from(gaps, answers.empty ?? (() => CERTAIN)),
        gapRates: Float32Array.from(gaps, answers.rate ?? (() => 1)),
        gapLogits: logits(gaps, answers.gapLogits),
        maskLogits: logits(masks, answers.maskLogits),
        cleanPatches: batch.patches.map(
          (_, index) => answers.clean?.({ batch, index, patch: Math.floor(index / batch.patchSize) }) ?? 0,
        ),
      };
    },
  };
  return { denoiser, batches };
}

/**
 * The perfect oracle of a text of `length` distinct tokens in ascending order: it knows for every gap how many tokens
 * are missing, and which, but not in what order.
 */
export function oracle(length: number) {
  const first = vocabulary.firstTextToken;
  const bag = ({ token, next }: TextPlace) => ({
    from: token === vocabulary.bos ? first : token + 1,
    to: next ?? first + length,
  });
  const missing = (place: TextPlace) => bag(place).to - bag(place).from;
  return answering(
    {
      empty: (place) => (missing(place) > 0 ? -CERTAIN : CERTAIN),
      rate: (place) => Math.max(1, missing(place)),
      gapLogits: (place, token) => (token >= bag(place).from && token < bag(place).to ? 0 : -CERTAIN),
    },
    first + length,
  );
}

export async function framesOf(
  windows: readonly FlowWindow[],
  flowOptions: FlowOptions,
  denoiser: Denoiser,
): Promise<FlowFrame[]> {
  const frames: FlowFrame[] = [];
  for await (const frame of refine(windows, flowOptions, denoiser)) frames.push(frame);
  return frames;
}
