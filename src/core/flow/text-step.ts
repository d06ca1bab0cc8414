/** One step of the text: insertion into gaps (OneFlow Algorithm 1) or unmasking of a span of fixed length. */
import type { GapPrediction } from './guidance.js';
import { Purpose, uniform } from './random.js';
import { canGrow, type SpanState } from './state.js';
import { departureProbability, PLAIN, type Study } from './study.js';

/** How a span may grow in a pass. */
export interface Growth {
  /** Number of the pass from 0; part of every random draw's address. */
  readonly pass: number;
  /** ρ: probability that a missing token arrives in this step; 1 in a clean-up pass. */
  readonly arrival: number;
  /** A clean-up pass: no draws, every gap fires that more likely than not misses something. */
  readonly cleanUp: boolean;
  /** Make an empty span take a token even if its gap does not fire. */
  readonly forceFirst: boolean;
  /** Time that insertion overshoots to, and the time that deletion goes back to. */
  readonly over?: number;
  readonly to?: number;
  /** Passes left, this one included. */
  readonly left?: number;
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
  study: Study = PLAIN,
  sureness: (index: number) => number = () => 0,
): SpanState {
  if (!canGrow(span)) return withTokens(span, span.tokens, new Set(), span.given);
  let firing = gaps.filter((gap) => fires(span, gap, growth));
  if (!growth.cleanUp && study.order !== 'independent') {
    const sure = gaps
      .map((gap) => ({ gap, c: gap.missing * gap.rate * sureness(gap.index) }))
      .sort((a, b) => b.c - a.c || a.gap.index - b.gap.index);
    firing =
      study.order === 'confident'
        ? sure.slice(0, firing.length).map(({ gap }) => gap)
        : sure
            .filter(({ gap, c }, rank) => c >= study.threshold || (rank === 0 && gap.missing > 0.5))
            .map(({ gap }) => gap);
  }
  if (firing.length === 0 && growth.forceFirst && span.tokens.length === 0) firing = gaps.slice(0, 1);

  const places = span.input.max - span.tokens.length;
  const chosen = [...firing].sort((a, b) => b.missing - a.missing || a.index - b.index).slice(0, places);
  const indices = chosen.map(({ index }) => index).sort((a, b) => b - a);

  // From right to left, so that the indices on the left stay valid.
  const tokens = [...span.tokens];
  const given = [...(span.given ?? span.tokens.map(() => true))];
  for (const index of indices) {
    given.splice(index, 0, false);
    tokens.splice(index, 0, drawToken(index, uniform(span.stream, Purpose.Token, growth.pass, index)));
  }
  const written = new Set(indices.map((index, rank) => index + indices.length - 1 - rank));
  const next = withTokens(span, tokens, written, given);
  if (growth.over === undefined || growth.cleanUp) return next;
  const gone = departureProbability(span.start, growth.to!, growth.over);
  const stays = tokens.map(
    (_, index) => given[index]! || uniform(span.stream, Purpose.Delete, growth.pass, index) >= gone,
  );
  return {
    ...next,
    tokens: next.tokens.filter((_, index) => stays[index]),
    fresh: next.fresh.filter((_, index) => stays[index]),
    given: given.filter((_, index) => stays[index]),
  };
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
  growth: Pick<Growth, 'pass' | 'arrival' | 'left'>,
  drawToken: DrawToken,
  study: Study = PLAIN,
  sureness: (index: number) => number = () => 0,
): SpanState {
  const tokens = [...span.tokens];
  let revealed = indices.filter(
    (index) => uniform(span.stream, Purpose.Reveal, growth.pass, index) < growth.arrival,
  );
  if (study.order !== 'independent') {
    const sure = indices
      .map((index) => ({ index, c: sureness(index) }))
      .sort((a, b) => b.c - a.c || a.index - b.index);
    const least = Math.ceil(indices.length / (growth.left ?? 1));
    revealed = (
      study.order === 'confident'
        ? sure.slice(0, growth.left === 1 ? sure.length : least)
        : sure.filter(({ c }, rank) => rank < least || c >= study.threshold)
    ).map(({ index }) => index);
  }
  for (const index of revealed) {
    tokens[index] = drawToken(index, uniform(span.stream, Purpose.Token, growth.pass, index));
  }
  return withTokens(span, tokens, new Set(revealed), span.given);
}

function withTokens(
  span: SpanState,
  tokens: readonly number[],
  written: ReadonlySet<number>,
  given: readonly boolean[] | undefined,
): SpanState {
  return {
    ...span,
    ...(given !== undefined && { given }),
    tokens,
    fresh: tokens.map((_, index) => written.has(index)),
  };
}
