import { describe, expect, it } from 'vitest';
import { createStream } from '../../../../src/core/flow/random.js';
import type { SpanState } from '../../../../src/core/flow/state.js';
import { insertTokens, revealTokens, type Growth } from '../../../../src/core/flow/text-step.js';
import { span } from './support.js';

const regular: Growth = { pass: 0, arrival: 1, cleanUp: false, forceFirst: false };

function state(tokens: readonly number[], input: Parameters<typeof span>[0] = {}): SpanState {
  const full = span(input);
  return {
    kind: 'span',
    input: full,
    stream: createStream(full.seed, full.id),
    start: 0,
    t: 0,
    tokens,
    fresh: tokens.map(() => false),
  };
}

/** Share of 20 000 passes in which a gap fires. */
function firingShare(missing: number, rate: number, arrival: number): number {
  const passes = 20_000;
  let fired = 0;
  for (let pass = 0; pass < passes; pass++) {
    const next = insertTokens(
      state([]),
      [{ index: 0, missing, rate }],
      { ...regular, pass, arrival },
      () => 9,
    );
    fired += next.tokens.length;
  }
  return fired / passes;
}

describe('the gate', () => {
  // π = 0.7 and λ_nz = 2.3: (1−π)·λ_nz·ρ = 0.138.
  it('fires as often as a single draw of (1−π)·λ·ρ while ρ·λ is below 1', () => {
    expect(firingShare(0.3, 2.3, 0.2)).toBeCloseTo(0.138, 2);
  });

  it('fires with 1−π in the last step, where a single draw would give 0.69', () => {
    expect(firingShare(0.3, 2.3, 1)).toBeCloseTo(0.3, 2);
  });

  it('decides alone in a clean-up pass: more likely than not', () => {
    const cleanUp = { ...regular, cleanUp: true };
    const gaps = [
      { index: 0, missing: 0.5, rate: 9 },
      { index: 1, missing: 0.51, rate: 1 },
    ];
    expect(insertTokens(state([8]), gaps, cleanUp, () => 9).tokens).toEqual([8, 9]);
  });
});

describe('insertTokens', () => {
  const all = (count: number, missing: (index: number) => number = () => 1) =>
    Array.from({ length: count }, (_, index) => ({ index, missing: missing(index), rate: 9 }));

  it('puts one token into each gap that the old text had, and marks it fresh', () => {
    const next = insertTokens(state([8, 9]), all(3), regular, (index) => 20 + index);
    expect(next.tokens).toEqual([20, 8, 21, 9, 22]);
    expect(next.fresh).toEqual([true, false, true, false, true]);
  });

  it('marks the right tokens fresh when only some gaps fire', () => {
    const missing = (index: number) => (index === 1 || index === 3 ? 1 : 0);
    const next = insertTokens(state([8, 9, 10]), all(4, missing), regular, (index) => 20 + index);
    expect(next.tokens).toEqual([8, 21, 9, 10, 23]);
    expect(next.fresh).toEqual([false, true, false, false, true]);
  });

  it('prefers the gaps that most likely miss something when the places run out', () => {
    const missing = (index: number) => [0.6, 0.9, 0.7, 0.8][index]!;
    const cleanUp = { ...regular, cleanUp: true };
    const next = insertTokens(state([8, 9, 10], { max: 5 }), all(4, missing), cleanUp, (index) => 20 + index);
    expect(next.tokens).toEqual([8, 21, 9, 10, 23]);
  });

  it('forces a token into an empty span whose gap does not fire', () => {
    const quiet = [{ index: 0, missing: 0, rate: 1 }];
    expect(insertTokens(state([]), quiet, { ...regular, forceFirst: true }, () => 9).tokens).toEqual([9]);
    expect(insertTokens(state([]), quiet, regular, () => 9).tokens).toEqual([]);
  });

  it('forces nothing into a span that has text', () => {
    const quiet = all(2, () => 0);
    expect(insertTokens(state([8]), quiet, { ...regular, forceFirst: true }, () => 9).tokens).toEqual([8]);
  });
});

describe('revealTokens', () => {
  it('reveals each mask with the probability of arrival and leaves the others', () => {
    const masked = state([2, 2, 8], { length: 3 });
    let revealed = 0;
    for (let pass = 0; pass < 5000; pass++) {
      const next = revealTokens(masked, [0, 1], { pass, arrival: 0.25 }, () => 9);
      expect(next.tokens[2]).toBe(8);
      expect(next.fresh).toEqual(next.tokens.map((token) => token === 9));
      revealed += next.tokens.filter((token) => token === 9).length;
    }
    expect(revealed / 10_000).toBeCloseTo(0.25, 1);
  });
});
