import { describe, expect, it } from 'vitest';
import type { Denoiser } from '../../../../src/core/flow/index.js';
import { answering, CERTAIN, framesOf, options, oracle, spanWindow, vocabulary } from './support.js';

/** Runs the whole loop against a perfect oracle of a text of `length` tokens, once per seed. */
async function trials(length: number, steps: number, cleanUpPasses: number, count: number) {
  const { denoiser, batches } = oracle(length);
  const flow = {
    ...options,
    vocabulary: { ...vocabulary, size: denoiser.vocabularySize },
    steps,
    cleanUpPasses,
  };
  let produced = 0;
  let complete = 0;
  for (let seed = 0; seed < count; seed++) {
    const last = (await framesOf([spanWindow({ seed })], flow, denoiser)).at(-1)!;
    const { tokens } = last.spans[0]!;
    expect(tokens).toEqual([...tokens].sort((a, b) => a - b));
    produced += tokens.length / length;
    complete += tokens.length === length ? 1 : 0;
  }
  return { produced: produced / count, complete: complete / count, passes: batches.length / count };
}

/** Mean and standard error of the lengths of the texts that `denoiser` writes from nothing in regular steps. */
async function lengths(denoiser: Denoiser, steps: number, count: number) {
  const flow = { ...options, steps, cleanUpPasses: 0 };
  const written: number[] = [];
  for (let seed = 0; seed < count; seed++) {
    const frames = await framesOf([spanWindow({ seed })], flow, denoiser);
    written.push(frames.find(({ spans }) => spans[0]!.t === 1)!.spans[0]!.tokens.length);
  }
  const mean = written.reduce((sum, length) => sum + length, 0) / count;
  const variance = written.reduce((sum, length) => sum + (length - mean) ** 2, 0) / (count - 1);
  return { mean, error: Math.sqrt(variance / count) };
}

describe('a model that knows no time', () => {
  // Trained at the times u² on texts of length L with a probability in proportion to Γ(L+3/2)/L!·g^L, it believes at
  // every state that g/(1−g) tokens are missing, however many it sees: that times C(L,n)·B(n+½, L−n+1) is geometric in
  // L − n. The mean length of these texts is 3/2·g/(1−g).
  it.each([
    { steps: 8, missing: 5 },
    { steps: 24, missing: 5 },
    { steps: 24, missing: 20 },
  ])(
    'writes texts as long as those of its training when it expects $missing tokens, in $steps steps',
    async ({ steps, missing }) => {
      const { denoiser } = answering({
        empty: () => -CERTAIN,
        rate: ({ batch }) => missing / batch.gapRows.length,
      });
      const { mean, error } = await lengths(denoiser, steps, 200);
      expect(Math.abs(mean - 1.5 * missing)).toBeLessThan(4 * error);
    },
  );
});

describe('a perfect oracle', () => {
  // Mean share of the tokens and share of complete texts after N steps: the figures of a simulation in numpy.
  it.each([
    { length: 12, steps: 4, produced: 0.69, complete: 0.01, count: 500 },
    { length: 12, steps: 8, produced: 0.995, complete: 0.95, count: 400 },
    { length: 32, steps: 8, produced: 0.92, complete: 0.29, count: 300 },
    { length: 32, steps: 16, produced: 1.0, complete: 0.995, count: 120 },
    { length: 64, steps: 12, produced: 0.98, complete: 0.62, count: 100 },
    { length: 64, steps: 20, produced: 1.0, complete: 1.0, count: 60 },
  ])(
    'writes $produced of $length tokens in $steps steps',
    async ({ length, steps, produced, complete, count }) => {
      const result = await trials(length, steps, 0, count);
      expect(result.passes).toBeLessThanOrEqual(steps);
      // Within four standard errors; the share of a single text has a deviation of 0.13 at most.
      expect(Math.abs(result.produced - produced)).toBeLessThan((4 * 0.13) / Math.sqrt(count) + 0.005);
      // Within three standard errors of a share that was itself estimated.
      expect(Math.abs(result.complete - complete)).toBeLessThan(3 * Math.sqrt(0.25 / count) + 0.005);
    },
  );

  it.each([
    { length: 12, steps: 6, passes: 7.2, count: 250 },
    { length: 32, steps: 10, passes: 10.5, count: 120 },
    { length: 64, steps: 16, passes: 14.9, count: 60 },
    { length: 256, steps: 24, passes: 22.5, count: 20 },
  ])('completes $length tokens by clean-up in $passes passes', async ({ length, steps, passes, count }) => {
    const result = await trials(length, steps, 16, count);
    expect(result.complete).toBe(1);
    // Within four standard errors; the number of a single text has a deviation of 1.4 at most.
    expect(Math.abs(result.passes - passes)).toBeLessThan((4 * 1.4) / Math.sqrt(count));
  });
});
