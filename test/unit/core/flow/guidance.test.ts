import { describe, expect, it } from 'vitest';
import type { DenoiserOutputs } from '../../../../src/core/flow/denoiser.js';
import { gapPrediction, guideRate, tokenLogits } from '../../../../src/core/flow/guidance.js';
import { cleanPrediction } from '../../../../src/core/flow/image-step.js';

const outputs: DenoiserOutputs = {
  gapEmptyLogits: Float32Array.of(0.5, -1),
  gapRates: Float32Array.of(3, 2),
  gapLogits: Float32Array.of(1, 2, 3, 0, 4, 0),
  maskLogits: Float32Array.of(),
  cleanPatches: Float32Array.of(1, 2, 5, 7),
};
const softmax = (logits: Iterable<number>) => {
  const weights = Array.from(logits, Math.exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
};

describe('guidance', () => {
  it('weighs the logit of π and the logarithm of λ', () => {
    const { missing, rate } = gapPrediction({ index: 0, row: 0, unconditionalRow: 1 }, outputs, 2);
    expect(missing).toBeCloseTo(1 / (1 + Math.exp(2 * 0.5 + 1)), 6);
    expect(rate).toBeCloseTo(3 ** 2 / 2, 5);
  });

  it('keeps λ at 1 or more', () => {
    expect(guideRate(3, 1.1, 4)).toBe(1);
  });

  it('makes Q proportional to Q_c^w · Q_u^(1−w)', () => {
    const guided = softmax(tokenLogits({ index: 0, row: 0, unconditionalRow: 1 }, outputs.gapLogits, 3, 1.5));
    const conditional = softmax([1, 2, 3]);
    const unconditional = softmax([0, 4, 0]);
    const product = conditional.map((q, i) => q ** 1.5 * unconditional[i]! ** -0.5);
    const total = product.reduce((sum, q) => sum + q, 0);
    guided.forEach((q, i) => {
      expect(q).toBeCloseTo(product[i]! / total, 6);
    });
  });

  it('extrapolates the clean picture from the unconditional one: u + w·(c − u)', () => {
    const clean = cleanPrediction({ offset: 0, unconditionalOffset: 2 }, outputs.cleanPatches, 2, 3);
    expect([...clean]).toEqual([5 + 3 * (1 - 5), 7 + 3 * (2 - 7)]);
  });

  it('counts the slot of a picture as often as the weight says, and the rest of the document once', () => {
    const [u, s, c] = [5, 1, 2];
    const cleanPatches = Float32Array.of(c, s, u);
    const query = { offset: 0, slotOffset: 1, unconditionalOffset: 2 };
    expect([...cleanPrediction(query, cleanPatches, 1, 3)]).toEqual([u + 3 * (s - u) + (c - s)]);
    expect([...cleanPrediction(query, cleanPatches, 1, 1)]).toEqual([c]);
  });

  it('leaves predictions without a counterpart alone', () => {
    expect(gapPrediction({ index: 4, row: 1 }, outputs, 1)).toEqual({
      index: 4,
      missing: 1 / (1 + Math.exp(-1)),
      rate: 2,
    });
    expect([...tokenLogits({ index: 0, row: 1 }, outputs.gapLogits, 3, 1)]).toEqual([0, 4, 0]);
    expect([...cleanPrediction({ offset: 2 }, outputs.cleanPatches, 2, 1)]).toEqual([5, 7]);
  });
});
