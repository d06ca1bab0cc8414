/** Variants of the sampler that are compared with each other: for the study alone, what loses goes. */
import { kappa, timeAt } from './schedule.js';

export interface Study {
  /** How a picture moves: `heun` and `midpoint` take two passes an interval, the others one. */
  readonly solver: 'euler' | 'heun' | 'midpoint' | 'multistep' | 'adams';
  /** Above 1 the grid of image times is denser on the noisy side, below 1 on the clean side. */
  readonly imageShift: number;
  /** Image times at which guidance acts. */
  readonly imageGuidanceFrom: number;
  readonly imageGuidanceUntil: number;
  /** What text guidance acts on: λ, Q and π each on their own, λ and Q, or Q alone. */
  readonly textGuidance: 'all' | 'rate' | 'tokens';
  /** Which gaps fire: each by its own draws, as many but the surest first, or all whose answer is sure. */
  readonly order: 'independent' | 'confident' | 'threshold';
  readonly threshold: number;
  /** α of the reverse rates. */
  readonly corrector: number;
  /** Share of the steps on which the text's regular grid lies; clean-up passes follow. */
  readonly textShare: number;
  /** Power of the text's time: below 1 text comes earlier. */
  readonly textPower: number;
  /** Corrects the rates, which know no time, by the time. */
  readonly timeAware: boolean;
  /** Temperature goes from this at time 0 to the option's own at time 1. */
  readonly startTemperature?: number;
}

export const PLAIN: Study = {
  solver: 'euler',
  imageShift: 1,
  imageGuidanceFrom: 0,
  imageGuidanceUntil: 1,
  textGuidance: 'all',
  order: 'independent',
  threshold: 0.8,
  corrector: 0,
  textShare: 1,
  textPower: 1,
  timeAware: false,
};

/** Time after `step` of `steps` steps of the shifted grid from `start` to 1. */
export function shiftedTime(start: number, step: number, steps: number, shift: number): number {
  if (step >= steps) return 1;
  if (shift === 1) return timeAt(start, step, steps);
  const from = (start * shift) / (1 - start + start * shift);
  const even = from + ((1 - from) * step) / steps;
  return even / (even + shift * (1 - even));
}

/** Time of a span after `step` of `steps`. */
export function poweredTime(start: number, step: number, steps: number, power: number): number {
  return power === 1 ? timeAt(start, step, steps) : start + (1 - start) * Math.min(1, step / steps) ** power;
}

/** Probability with which a token generated since `start` goes again on the way back from `over` to `to`. */
export function departureProbability(start: number, to: number, over: number): number {
  const present = kappa(over) - kappa(start);
  return present > 0 ? (kappa(over) - kappa(to)) / present : 0;
}
