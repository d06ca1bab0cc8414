import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Denoiser, DenoiserBatch } from '../../src/core/flow/index.js';
import { refine, type FlowFrame, type FlowWindow, type Piece } from '../../src/core/flow/index.js';
import { philox } from '../../src/core/flow/random.js';
import { testSeed } from './test-seed.js';

const vocabulary = { size: 20, bos: 1, mask: 2, image: 3, firstTextToken: 6 };
const geometry = { patchesPerEdge: 2, patchSize: 2 };
const LATENTS = 8;
/** The model's table is longer than the vocabulary, as a padded one is. */
const LOGITS = 24;

const textToken = fc.integer({ min: vocabulary.firstTextToken, max: vocabulary.size - 1 });
const text = fc.array(textToken, { maxLength: 6 });
const strength = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const guidance = fc.constantFrom(0, 1, 1, 2.5);
const seed = fc.integer({ min: 0, max: 0xffffffff });
const latents = fc
  .array(fc.float({ min: -4, max: 4, noNaN: true }), { minLength: LATENTS, maxLength: LATENTS })
  .map((values) => Float32Array.from(values));

const span = fc
  .record({
    tokens: text,
    strength,
    length: fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }),
    max: fc.integer({ min: 1, max: 12 }),
    seed,
    guidance,
  })
  .map(({ length, ...rest }) => ({ ...rest, ...(length === undefined ? {} : { length }) }));
const picture = fc.record({
  masked: fc.boolean(),
  styleToken: fc.constantFrom(4, 5),
  strength,
  latents,
  seed,
  guidance,
});
const piece = fc.oneof(
  text.map((tokens) => ({ kind: 'context', tokens }) as const),
  span.map((value) => ({ kind: 'span', span: value }) as const),
  picture.map((value) => ({ kind: 'picture', picture: value }) as const),
);

/** Windows whose masks are numbered through. */
const windows = fc.array(fc.array(piece, { maxLength: 6 }), { maxLength: 3 }).map((all) => {
  let count = 0;
  return all.map((pieces): FlowWindow => ({
    pieces: pieces.map((value): Piece => {
      const id = `m${++count}`;
      if (value.kind === 'span') return { kind: 'span', span: { id, ...value.span } };
      if (value.kind === 'picture') return { kind: 'picture', picture: { id, ...value.picture } };
      return value;
    }),
  }));
});
const flow = fc.record({
  steps: fc.integer({ min: 1, max: 6 }),
  cleanUpPasses: fc.integer({ min: 0, max: 4 }),
  temperature: fc.constantFrom(0, 0.3, 1, 2),
  topP: fc.constantFrom(0.01, 0.5, 0.9, 1),
});

/** Answers with noise of the given scale, and keeps the batches. */
function noisy(noiseSeed: number, scale: number) {
  const batches: DenoiserBatch[] = [];
  const denoiser: Denoiser = {
    vocabularySize: LOGITS,
    run: async (batch) => {
      const call = batches.push(batch);
      const noise = (length: number, kind: number) =>
        Float32Array.from({ length }, (_, i) => {
          const [word] = philox([i, call, kind, 0], [noiseSeed, 0]);
          return scale * (word / 2 ** 31 - 1);
        });
      return {
        gapEmptyLogits: noise(batch.gapRows.length, 0),
        gapRates: noise(batch.gapRows.length, 1).map((rate) => 1 + Math.abs(rate)),
        gapLogits: noise(batch.gapRows.length * LOGITS, 2),
        maskLogits: noise(batch.maskRows.length * LOGITS, 3),
        cleanPatches: noise(batch.patches.length, 4),
      };
    },
  };
  return { denoiser, batches };
}

/** Checks that `after` is `before` with tokens inserted, at most one per gap; `fresh` says which. */
function expectInsertion(before: readonly number[], after: readonly number[], fresh: readonly boolean[]) {
  expect(after.filter((_, i) => fresh[i] !== true)).toEqual(before);
  expect(fresh.some((written, i) => written && fresh[i + 1] === true)).toBe(false);
}

describe('the flow', () => {
  it('keeps its invariants whatever the model says', async () => {
    await fc.assert(
      fc.asyncProperty(
        windows,
        flow,
        seed,
        fc.constantFrom(0, 2, 1e4),
        async (input, options, noiseSeed, scale) => {
          const { denoiser, batches } = noisy(noiseSeed, scale);
          const frames: FlowFrame[] = [];
          for await (const frame of refine(input, { ...options, vocabulary, geometry }, denoiser)) {
            frames.push(frame);
          }

          expect(batches.length).toBeLessThanOrEqual(options.steps + options.cleanUpPasses);
          expect(frames).toHaveLength(Math.max(1, batches.length));
          expect(frames.map((frame) => frame.done)).toEqual(frames.map((_, i) => i === frames.length - 1));
          batches.forEach(expectWellFormed);

          const pieces = input.flatMap((window) => window.pieces);
          for (const { span: given } of pieces.filter((value) => value.kind === 'span')) {
            const states = frames.map((frame) => frame.spans.find(({ id }) => id === given.id)!);
            const last = states.at(-1)!;
            expect(last.t).toBe(1);
            expect(
              last.tokens.every((token) => token >= vocabulary.firstTextToken && token < vocabulary.size),
            ).toBe(true);
            if (given.length !== undefined) {
              expect(states.every(({ tokens }) => tokens.length === given.length)).toBe(true);
              continue;
            }
            states.slice(1).forEach((state, i) => {
              expectInsertion(states[i]!.tokens, state.tokens, state.fresh);
            });
            // A strength too small to tell 1 − strength from 1 is 0.
            if (1 - given.strength === 1 && given.tokens.length > 0)
              expect(last.tokens).toEqual(given.tokens);
            else expect(last.tokens.length).toBeLessThanOrEqual(given.max);
          }
          const drawn = pieces
            .filter((value) => value.kind === 'picture')
            .filter((value) => value.picture.masked);
          for (const { picture: given } of drawn) {
            const last = frames.at(-1)!.pictures.find(({ id }) => id === given.id)!;
            expect(last.t).toBe(1);
            expect(last.latents.every(Number.isFinite)).toBe(true);
            if (1 - given.strength === 1) expect(last.latents).toEqual(given.latents);
          }
        },
      ),
      { numRuns: 400, seed: testSeed(1) },
    );
  });

  it('leaves the context as it is: every batch holds it, in order, around the spans', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, span, flow, seed, async (left, right, input, options, noiseSeed) => {
        const { denoiser, batches } = noisy(noiseSeed, 3);
        const window: FlowWindow = {
          pieces: [
            { kind: 'context', tokens: left },
            { kind: 'span', span: { id: 'm1', ...input } },
            { kind: 'context', tokens: right },
          ],
        };
        const frames: FlowFrame[] = [];
        for await (const frame of refine([window], { ...options, vocabulary, geometry }, denoiser)) {
          frames.push(frame);
        }
        batches.slice(1).forEach((batch, i) => {
          const first = Array.from(batch.tokens, Number).filter((_, at) => batch.tokenSequences[at] === 0n);
          expect(first).toEqual([vocabulary.bos, ...left, ...frames[i]!.spans[0]!.tokens, ...right]);
        });
      }),
      { numRuns: 150, seed: testSeed(2) },
    );
  });
});

/** What the port promises the model about every batch. */
function expectWellFormed(batch: DenoiserBatch) {
  const positions = batch.rows * batch.textLength;
  expect(batch.tokens).toHaveLength(positions);
  expect(batch.patches).toHaveLength(batch.rows * batch.patchLength * batch.patchSize);
  expect(batch.gapRows.length).toBeGreaterThan(0);
  expect(batch.maskRows.length).toBeGreaterThan(0);
  const asked = batch.gapRows.length > 1 || batch.gapRows[0] !== 0n ? batch.gapRows : new BigInt64Array();
  for (const row of asked) {
    expect(batch.tokenOpen[Number(row)]).toBe(1n);
    expect(batch.tokenSequences[Number(row)]).not.toBe(-1n);
  }
  const masks = batch.maskRows.length > 1 || batch.maskRows[0] !== 0n ? batch.maskRows : new BigInt64Array();
  for (const row of masks) expect(batch.tokens[Number(row)]).toBe(BigInt(vocabulary.mask));
  batch.tokens.forEach((token, at) => {
    if (batch.tokenSequences[at] === -1n) expect([token, batch.tokenOpen[at]]).toEqual([0n, 0n]);
    else if (batch.tokenPositions[at] === 0n) expect(token).toBe(BigInt(vocabulary.bos));
  });
  batch.patchTimes.forEach((t, patch) => {
    expect(t).toBeGreaterThanOrEqual(0);
    expect(t).toBeLessThanOrEqual(1);
    const row = Math.floor(patch / batch.patchLength);
    const sequence = batch.patchSequences[patch];
    if (sequence === -1n) return;
    // The patch carries the position of an image token of its own sequence.
    const owner = Array.from({ length: batch.textLength }, (_, i) => row * batch.textLength + i).find(
      (at) =>
        batch.tokenSequences[at] === sequence && batch.tokenPositions[at] === batch.patchPositions[patch * 3],
    );
    expect(batch.tokens[owner!]).toBe(BigInt(vocabulary.image));
  });
}
