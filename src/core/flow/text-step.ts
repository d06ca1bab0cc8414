/** One step of the text: insertion into gaps (OneFlow Algorithm 1) or unmasking of a span of fixed length. */
import type { GapPrediction } from './guidance.js';
import { Purpose, uniform } from './random.js';
import { canGrow, type SpanState } from './state.js';

/** How a span may grow in a pass. */
export interface Growth {
  /** Number of the pass from 0; part of every random draw's address. */
  readonly pass: number;
  /** ρ: probability that a missing token arrives in this step; of no effect in a clean-up pass. */
  readonly arrival: number;
  /** A clean-up pass: no draws, every gap fires that more likely than not misses something. */
  readonly cleanUp: boolean;
  /** Make an empty span take a token even if its gap does not fire. */
  readonly forceFirst: boolean;
}

/** Draws the token of a gap or mask at `index` with the uniform number `draw`. */
export type DrawToken = (index: number, draw: number) => number;

/**
 * Inserts at most one token into each of `gaps`, which are those of the tokens before the step, in ascending order of
 * index. When fewer places are left than gaps fire, those that most likely miss something win.
 */
export function insertTokens(
  span: SpanState,
  gaps: readonly GapPrediction[],
  growth: Growth,
  drawToken: DrawToken,
): SpanState {
  if (!canGrow(span)) return withTokens(span, span.tokens, []);
  let firing = gaps.filter((gap) => fires(span, gap, growth));
  if (firing.length === 0 && growth.forceFirst && span.tokens.length === 0) firing = gaps.slice(0, 1);

  const places = span.input.max - span.tokens.length;
  const chosen = [...firing].sort((a, b) => b.missing - a.missing || a.index - b.index).slice(0, places);
  const indices = chosen.map(({ index }) => index).sort((a, b) => b - a);

  if (indices.length === 0) return withTokens(span, span.tokens, []);
  // From right to left, so that the indices on the left stay valid.
  const tokens = [...span.tokens];
  for (const index of indices) {
    tokens.splice(index, 0, drawToken(index, uniform(span.stream, Purpose.Token, growth.pass, index)));
  }
  return withTokens(
    span,
    tokens,
    indices.map((index, rank) => index + indices.length - 1 - rank),
  );
}

/** Whether a gap more likely than not misses something. */
export function isLikelyMissing({ missing }: GapPrediction): boolean {
  return missing > 0.5;
}

/**
 * Whether a gap takes a token. The gate and the rate are two draws: their product is that of a single draw with
 * (1−π)·λ·ρ until ρ·λ saturates, and stays at 1−π then, which samples better (OneFlow §2.1.2).
 */
function fires(span: SpanState, gap: GapPrediction, growth: Growth): boolean {
  if (growth.cleanUp) return isLikelyMissing(gap);
  return (
    uniform(span.stream, Purpose.Gate, growth.pass, gap.index) < gap.missing &&
    uniform(span.stream, Purpose.Rate, growth.pass, gap.index) < growth.arrival * gap.rate
  );
}

/** Reveals each of the masks at `indices` with probability `arrival`. */
export function revealTokens(
  span: SpanState,
  indices: readonly number[],
  growth: Pick<Growth, 'pass' | 'arrival'>,
  drawToken: DrawToken,
): SpanState {
  const tokens = [...span.tokens];
  const revealed = indices.filter(
    (index) => uniform(span.stream, Purpose.Reveal, growth.pass, index) < growth.arrival,
  );
  for (const index of revealed) {
    tokens[index] = drawToken(index, uniform(span.stream, Purpose.Token, growth.pass, index));
  }
  return withTokens(span, tokens, revealed);
}

function withTokens(span: SpanState, tokens: readonly number[], written: readonly number[]): SpanState {
  const fresh = new Array<boolean>(tokens.length).fill(false);
  for (const index of written) fresh[index] = true;
  return { ...span, tokens, fresh };
}
