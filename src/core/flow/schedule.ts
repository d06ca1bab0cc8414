/** When things happen: the text schedule κ and the grid of times that the steps visit. */

/** Share of the tokens that are present at time t, 0–1. Linear is the best of OneFlow's ablation (§2.1, App. B.6). */
export function kappa(t: number): number {
  return t;
}

/**
 * Factor at time `t` for the number of missing tokens that the model expects. The model knows no time; it sees a span
 * of `visible` tokens and says that `expected` are missing.
 *
 * In training the times of growing spans are u² with u ~ U[0, 1], as `growingTimeAt` visits them: seen over all of
 * them, a text of L tokens shows n of them with a probability in proportion to C(L,n)·B(n+½, L−n+1); at time t, to
 * C(L,n)·tⁿ·(1−t)^(L−n). The model's belief about K = L − n is to be weighted by the ratio of the two. Taken for
 * geometric with the mean M, it becomes a negative binomial with the mean (n+3/2)·(1−t)·M / (1+t·M). Without this a
 * span that starts from nothing stays too short: many spans without a token are short ones near their end.
 */
export function timeCorrection(t: number, visible: number, expected: number): number {
  return ((visible + 1.5) * (1 - t)) / (1 + t * expected);
}

/**
 * Probability that a token absent at time `from` appears by time `to`: ρ = (κ_to − κ_from) / (1 − κ_from), the exact
 * integral of the rate κ̇/(1−κ) of OneFlow eq. 17, so nothing diverges at the end. 0 where everything is present.
 */
export function arrivalProbability(from: number, to: number): number {
  const absent = 1 - kappa(from);
  return absent > 0 ? (kappa(to) - kappa(from)) / absent : 0;
}

/** Passes of `steps` in which growing spans take their regular steps; clean-up passes follow while pictures go on. */
export function growingSteps(steps: number): number {
  return Math.max(1, Math.round(0.8 * steps));
}

/**
 * Time of a growing span after `step` of `steps` from `start` to 1: the steps grow longer. A gap takes one token a step,
 * so a text that starts from nothing can only double; on an even grid it would fall behind its own schedule.
 */
export function growingTimeAt(start: number, step: number, steps: number): number {
  return step >= steps ? 1 : start + (1 - start) * (step / steps) ** 2;
}

/** Time after `step` of `steps` equal steps from `start` to 1; exactly 1 at the end. */
export function timeAt(start: number, step: number, steps: number): number {
  return step >= steps ? 1 : start + ((1 - start) * step) / steps;
}
