import { describe, expect, it } from 'vitest';
import { framesOf, options, oracle, spanWindow, vocabulary } from './support.js';

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

describe('a perfect oracle', () => {
  // Mean share of the tokens and share of complete texts after N steps: the figures of a simulation in numpy.
  it.each([
    { length: 12, steps: 4, produced: 0.69, complete: 0.01, count: 1000 },
    { length: 12, steps: 6, produced: 0.96, complete: 0.67, count: 1000 },
    { length: 12, steps: 8, produced: 1.0, complete: 0.98, count: 1000 },
    { length: 32, steps: 8, produced: 0.93, complete: 0.31, count: 300 },
    { length: 32, steps: 12, produced: 1.0, complete: 0.99, count: 200 },
    { length: 64, steps: 8, produced: 0.77, complete: 0.0, count: 100 },
    { length: 64, steps: 16, produced: 1.0, complete: 1.0, count: 60 },
    { length: 256, steps: 16, produced: 0.99, complete: 0.47, count: 60 },
    { length: 256, steps: 32, produced: 1.0, complete: 1.0, count: 20 },
  ])(
    'writes $produced of $length tokens in $steps steps',
    async ({ length, steps, produced, complete, count }) => {
      const result = await trials(length, steps, 0, count);
      expect(result.passes).toBe(steps);
      expect(Math.abs(result.produced - produced)).toBeLessThan(0.015);
      // Within three standard errors of a share that was itself estimated.
      expect(Math.abs(result.complete - complete)).toBeLessThan(3 * Math.sqrt(0.25 / count) + 0.005);
    },
  );

  it.each([
    { length: 12, steps: 6, passes: 7.4, tolerance: 0.1, count: 500 },
    { length: 32, steps: 10, passes: 11.3, tolerance: 0.1, count: 300 },
    { length: 64, steps: 16, passes: 17.0, tolerance: 0.1, count: 50 },
    { length: 256, steps: 16, passes: 18.4, tolerance: 0.5, count: 60 },
  ])(
    'completes $length tokens by clean-up in $passes passes',
    async ({ length, steps, passes, tolerance, count }) => {
      const result = await trials(length, steps, 16, count);
      expect(result.complete).toBe(1);
      expect(Math.abs(result.passes - passes)).toBeLessThan(tolerance);
    },
  );
});
