/** Draws tokens from logits: temperature, top-p, and never a special or an excluded token. */
import type { FlowOptions } from './window.js';

/** Draws one token that is not `excluded` from `logits` (indexed by id) with the uniform number `draw` in [0, 1). */
export type TokenSampler = (logits: Float32Array, draw: number, excluded: ReadonlySet<number>) => number;

/**
 * A sampler over the text tokens. Top-p keeps the likeliest tokens whose mass reaches `topP`, and all that are exactly
 * as likely as the last of them, so that the choice does not depend on the order of ids.
 */
export function createTokenSampler(
  options: Pick<FlowOptions, 'vocabulary' | 'temperature' | 'topP'>,
): TokenSampler {
  const { vocabulary, temperature, topP } = options;
  const first = vocabulary.firstTextToken;
  const weights = new Float64Array(vocabulary.size - first);
  const scratch = new Float64Array(weights.length);

  return (logits, draw, excluded) => {
    // Struck out once instead of asked about token by token: this is the busiest loop outside the network.
    weights.set(logits.subarray(first, vocabulary.size));
    for (const token of excluded) weights[token - first] = -Infinity;
    let best = 0;
    for (let i = 1; i < weights.length; i++) {
      if (weights[i]! > weights[best]!) best = i;
    }
    if (temperature === 0) return first + best;

    const highest = weights[best]!;
    let total = 0;
    for (let i = 0; i < weights.length; i++) {
      weights[i] = Math.exp((weights[i]! - highest) / temperature);
      total += weights[i]!;
    }
    const threshold = topP < 1 ? nucleusThreshold(weights, total, topP, scratch) : 0;
    let mass = 0;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i]! >= threshold) mass += weights[i]!;
    }
    let rest = draw * mass;
    let chosen = first + best;
    for (let i = 0; i < weights.length; i++) {
      const weight = weights[i]!;
      if (weight === 0 || weight < threshold) continue;
      chosen = first + i;
      rest -= weight;
      if (rest < 0) break;
    }
    return chosen;
  };
}

/**
 * The smallest weight in the nucleus: the likeliest tokens whose mass reaches `topP` of `total`. `scratch` is as long
 * as `weights` and is written over.
 */
function nucleusThreshold(weights: Float64Array, total: number, topP: number, scratch: Float64Array): number {
  // All weights below this together weigh less than the tail that is cut, so only the others need sorting: a few
  // dozen of thousands where the model is sure of itself.
  const floor = ((1 - topP) * total) / weights.length;
  let count = 0;
  for (let i = 0; i < weights.length; i++) {
    if (weights[i]! >= floor) scratch[count++] = weights[i]!;
  }
  const candidates = scratch.subarray(0, count).sort();
  let mass = 0;
  for (let i = count - 1; i >= 0; i--) {
    mass += candidates[i]!;
    if (mass >= topP * total) return candidates[i]!;
  }
  return floor;
}
