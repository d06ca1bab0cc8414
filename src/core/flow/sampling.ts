/** Draws tokens from logits: temperature, top-p, and never a special or an excluded token. */
import type { FlowOptions } from './window.js';

/** Draws one token that is not `excluded` from `logits` (indexed by id) with the uniform number `draw` in [0, 1). */
export type TokenSampler = (logits: Float32Array, draw: number, excluded: ReadonlySet<number>) => number;

/** Tokens are sorted into bins by how far, in nats, they lie below the likeliest. */
const BINS_PER_NAT = 64;
/** What lies further below has no weight: e⁻⁴⁰ is lost in the rounding of the sum anyway. */
const REACH = 40;
/** Nearly every nucleus lies within so many nats, where a few hundred tokens of thousands are. */
const NEAR = 8;
/** e to the minus each bin's upper edge. */
const WEIGHT_AT = Float64Array.from({ length: REACH * BINS_PER_NAT }, (_, bin) =>
  Math.exp(-bin / BINS_PER_NAT),
);

/** The tokens that may be drawn, in the order of their ids. Made once, and written anew for every draw. */
interface Candidates {
  count: number;
  readonly tokens: Int32Array;
  /** Relative to the likeliest token's, which is 1. */
  readonly weights: Float64Array;
  readonly bins: Uint16Array;
  readonly massOfBin: Float64Array;
  /** Of all candidates. */
  mass: number;
  /** Of all tokens. */
  total: number;
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
  const idsOf = rememberIds();
  const allowed = new Float32Array(size);
  const candidates: Candidates = {
    count: 0,
    tokens: new Int32Array(size),
    weights: new Float64Array(size),
    bins: new Uint16Array(size),
    massOfBin: new Float64Array(REACH * BINS_PER_NAT),
    mass: 0,
    total: 0,
  };
  return (logits, draw, excluded) => {
    // Struck out once instead of asked about token by token.
    allowed.set(logits.subarray(first, vocabulary.size));
    for (const token of idsOf(excluded)) allowed[token - first] = -Infinity;
    const best = likeliest(allowed);
    if (temperature === 0) return first + best;
    weigh(candidates, allowed, { highest: allowed[best]!, temperature, reach: NEAR });
    if (candidates.mass < topP * candidates.total) {
      weigh(candidates, allowed, { highest: allowed[best]!, temperature, reach: REACH });
    }
    const { least, mass } =
      topP < 1 ? cutNucleus(candidates, topP * candidates.total) : { least: 0, mass: candidates.mass };
    return first + choose(candidates, least, draw * mass);
  };
}

/** The ids of a set, listed once: a run asks with the same few sets, some of which have thousands. */
function rememberIds(): (tokens: ReadonlySet<number>) => Int32Array {
  const known = new WeakMap<ReadonlySet<number>, Int32Array>();
  return (tokens) => {
    const ids = known.get(tokens) ?? Int32Array.from(tokens);
    known.set(tokens, ids);
    return ids;
  };
}

function likeliest(logits: Float32Array): number {
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
 * Weighs every token with e^((logit − highest)/temperature); those within `reach` nats become the candidates. This is
 * the busiest loop outside the network, so the exponentials come from a table by bin and a short series within the bin,
 * exact to 1e-9 for candidates.
 */
function weigh(
  candidates: Candidates,
  logits: Float32Array,
  { highest, temperature, reach }: { highest: number; temperature: number; reach: number },
): void {
  const { tokens, weights, bins, massOfBin } = candidates;
  const sharpness = 1 / temperature;
  let count = 0;
  let mass = 0;
  let far = 0;
  massOfBin.fill(0);
  for (let i = 0; i < logits.length; i++) {
    const below = (highest - logits[i]!) * sharpness;
    if (below >= REACH) continue;
    const bin = (below * BINS_PER_NAT) | 0;
    const x = bin / BINS_PER_NAT - below;
    if (below >= reach) {
      // Of these only the sum counts, and of that they are a few hundredths: exact to 1e-4 will do.
      far += WEIGHT_AT[bin]! * (1 + x);
      continue;
    }
    const weight = WEIGHT_AT[bin]! * (1 + x * (1 + x * (1 / 2 + x * (1 / 6))));
    tokens[count] = i;
    weights[count] = weight;
    bins[count] = bin;
    massOfBin[bin]! += weight;
    mass += weight;
    count++;
  }
  candidates.count = count;
  candidates.mass = mass;
  candidates.total = mass + far;
}

/** The least weight among the likeliest tokens whose mass reaches `wanted`, and the mass of all that weigh as much. */
function cutNucleus(
  { count, weights, bins, massOfBin }: Candidates,
  wanted: number,
): { readonly least: number; readonly mass: number } {
  let last = 0;
  let mass = 0;
  while (last < massOfBin.length - 1 && mass + massOfBin[last]! < wanted) {
    mass += massOfBin[last]!;
    last++;
  }
  // Only the bin in which the nucleus ends needs sorting.
  const inLast: number[] = [];
  for (let i = 0; i < count; i++) {
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
function choose({ count, tokens, weights }: Candidates, least: number, mass: number): number {
  let rest = mass;
  let chosen = 0;
  for (let i = 0; i < count; i++) {
    const weight = weights[i]!;
    if (weight < least) continue;
    chosen = tokens[i]!;
    rest -= weight;
    if (rest < 0) break;
  }
  return chosen;
}
