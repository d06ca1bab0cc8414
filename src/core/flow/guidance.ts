/** Classifier-free guidance: predictions with context (c) pushed away from those without (u) by a weight w. */
import type { TextQuery } from './batch.js';
import type { DenoiserOutputs } from './denoiser.js';

/** w·c + (1−w)·u: a guided logit. For Q it is OneFlow eq. 12 up to a constant that the softmax takes out. */
export function guide(weight: number, conditional: number, unconditional: number): number {
  return weight * conditional + (1 - weight) * unconditional;
}

/** λ_c^w · λ_u^(1−w) (OneFlow eq. 12), kept in the range of a rate given that something is missing: at least 1. */
export function guideRate(weight: number, conditional: number, unconditional: number): number {
  return Math.max(1, Math.exp(guide(weight, Math.log(conditional), Math.log(unconditional))));
}

/** What the model says about a gap. */
export interface GapPrediction {
  /** Place in the span: the number of its tokens before the gap. */
  readonly index: number;
  /** Probability that something is missing, 1 − π (OneFlow eq. 5). */
  readonly missing: number;
  /** Expected number of missing tokens given that some are: λ_nz ≥ 1. */
  readonly rate: number;
}

/** The prediction for a gap; π is guided by its logit, λ and Q each on their own (the naïve rate of Edit Flows). */
export function gapPrediction(query: TextQuery, outputs: DenoiserOutputs, weight: number): GapPrediction {
  const { row, unconditionalRow, index } = query;
  let logit = outputs.gapEmptyLogits[row]!;
  let rate = outputs.gapRates[row]!;
  if (unconditionalRow !== undefined) {
    logit = guide(weight, logit, outputs.gapEmptyLogits[unconditionalRow]!);
    rate = guideRate(weight, rate, outputs.gapRates[unconditionalRow]!);
  }
  return { index, missing: 1 / (1 + Math.exp(logit)), rate };
}

/** The `size` token logits of a question, out of `logits` with `size` numbers per row. */
export function tokenLogits(
  query: TextQuery,
  logits: Float32Array,
  size: number,
  weight: number,
): Float32Array {
  const conditional = logits.subarray(query.row * size, (query.row + 1) * size);
  if (query.unconditionalRow === undefined) return conditional;
  const unconditional = logits.subarray(query.unconditionalRow * size);
  return conditional.map((logit, token) => guide(weight, logit, unconditional[token]!));
}
