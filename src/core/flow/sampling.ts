/** Draws tokens from logits: temperature, top-p, and never a special or an excluded token. */
import type { FlowOptions } from './window.js';

/** Draws one token that is not `excluded` from `logits` (indexed by id) with the uniform number `draw` in [0, 1). */
export type TokenSampler = (logits: Float32Array, draw: number, excluded: ReadonlySet<number>) => number;

/** Tokens are sorted into bins by how far, in nats, they lie below the likeliest. */
const BINS_PER_NAT = 64;
/** What lies further below has no weight: e⁻⁴⁰ is lost in the rounding of the sum anyway. */
const REACH = 40;
const BINS = REACH * BINS_PER_NAT;
/** e to the minus each bin's upper edge. */
const WEIGHT_AT = Float64Array.from({ length: BINS }, (_, bin) => Math.exp(-bin / BINS_PER_NAT));

/** What the sampler works in, made once: the tokens' weights, the bin of each, and the mass of each bin. */
interface Scratch {
  readonly weights: Float64Array;
  readonly bins: Uint16Array;
  readonly massOfBin: Float64Array;
}

/**
 * A sampler over the text tokens. Top-p keeps the likeliest tokens whose mass reaches `topP`, and all that are exactly
 * as likely as the last of them, so that the choice does not depend on the order of ids.
 */
export function createTokenSampler(
  options: Pick<FlowOptions, 'vocabulary' | 'temperature' | 'topP'>,
): TokenSampler {
  const { vocabulary, temperature, topP } = options;
  const first = vocabulary.firstTextToken;
  const size = vocabulary.size - first;
  const scratch: Scratch = {
    weights: new Float64Array(size),
    bins: new Uint16Array(size),
    massOfBin: new Float64Array(BINS),
  };
  return (logits, draw, excluded) => {
    const { weights } = scratch;
    // Struck out once instead of asked about token by token.
    weights.set(logits.subarray(first, vocabulary.size));
    for (const token of excluded) weights[token - first] = -Infinity;
    const best = likeliest(weights);
    if (temperature === 0) return first + best;
    const total = weigh(scratch, weights[best]!, temperature);
    const { least, mass } = topP < 1 ? cutNucleus(scratch, topP * total) : { least: 0, mass: total };
    return first + choose(weights, least, draw * mass);
  };
}

function likeliest(logits: Float64Array): number {
  let best = 0;
  let highest = logits[0]!;
  for (let i = 1; i < logits.length; i++) {
    const logit = logits[i]!;
    if (logit > highest) {
      best = i;
      highest = logit;
    }
  }
  return best;
}

/**
 * Makes the logits in `weights` e^((logit − highest)/temperature), sorted into bins, and gives their sum. This is the
 * busiest loop outside the network, so the exponentials come from a table by bin and a short series within the bin,
 * exact to 1e-11.
 */
function weigh({ weights, bins, massOfBin }: Scratch, highest: number, temperature: number): number {
  const sharpness = 1 / temperature;
  massOfBin.fill(0);
  for (let i = 0; i < weights.length; i++) {
    const below = (highest - weights[i]!) * sharpness;
    let weight = 0;
    let bin = BINS - 1;
    if (below < REACH) {
      bin = (below * BINS_PER_NAT) | 0;
      const x = bin / BINS_PER_NAT - below;
      weight = WEIGHT_AT[bin]! * (1 + x * (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24)))));
    }
    weights[i] = weight;
    bins[i] = bin;
    massOfBin[bin]! += weight;
  }
  let total = 0;
  for (let bin = 0; bin < BINS; bin++) total += massOfBin[bin]!;
  return total;
}

/** The least weight among the likeliest tokens whose mass reaches `wanted`, and the mass of all that weigh as much. */
function cutNucleus(
  { weights, bins, massOfBin }: Scratch,
  wanted: number,
): { readonly least: number; readonly mass: number } {
  let last = 0;
  let mass = 0;
  while (last < BINS - 1 && mass + massOfBin[last]! < wanted) {
    mass += massOfBin[last]!;
    last++;
  }
  // Only the bin in which the nucleus ends needs sorting.
  const inLast: number[] = [];
  for (let i = 0; i < bins.length; i++) {
    if (bins[i] === last) inLast.push(weights[i]!);
  }
  inLast.sort((a, b) => b - a);
  let least = 0;
  for (const weight of inLast) {
    if (mass >= wanted && weight < least) break;
    mass += weight;
    least = weight;
  }
  return { least, mass };
}

/** The first token at which the weights that are at least `least` add up to more than `mass`. */
function choose(weights: Float64Array, least: number, mass: number): number {
  let rest = mass;
  let chosen = 0;
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]!;
    if (weight === 0 || weight < least) continue;
    chosen = i;
    rest -= weight;
    if (rest < 0) break;
  }
  return chosen;
}
