/** When things happen: the text schedule κ and the grid of times that the steps visit. */

/** Share of the tokens that are present at time t, 0–1. Linear is the best of OneFlow's ablation (§2.1, App. B.6). */
export function kappa(t: number): number {
  return t;
}

/**
 * Probability that a token absent at time `from` appears by time `to`: ρ = (κ_to − κ_from) / (1 − κ_from), the exact
 * integral of the rate κ̇/(1−κ) of OneFlow eq. 17, so nothing diverges at the end. 0 where everything is present.
 */
export function arrivalProbability(from: number, to: number): number {
  const absent = 1 - kappa(from);
  return absent > 0 ? (kappa(to) - kappa(from)) / absent : 0;
}

/** Time after `step` of `steps` equal steps from `start` to 1; exactly 1 at the end. */
export function timeAt(start: number, step: number, steps: number): number {
  return step >= steps ? 1 : start + ((1 - start) * step) / steps;
}
