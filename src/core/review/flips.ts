/** Accepts, undos and redos, seen from the text: it is made of the same stretches with other sides in some places. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { type Side, sideText, standing, standingSide } from './hunk.js';
import { matchAt } from './line-ends.js';

/** Hunks that touch each other or the same changes, and the stretch of the text with all of them. */
export interface Cluster {
  /** Ascending and disjoint, at least one. */
  readonly hunks: readonly Hunk[];
  readonly range: Range;
  /** The same stretch after the event. */
  readonly newRange: Range;
}

interface Step {
  readonly place: Range;
  readonly side: Side;
  readonly previous: Step | undefined;
}

/**
 * The hunks of `cluster` where the text after the event is that before it but for the sides that stand; undefined when
 * anything else has changed. An edit may come trimmed to the characters that differ, and those of several hunks joined,
 * so it is the texts that are compared, not the changes. Of two ways to read it the one with fewer flips first is taken.
 */
export function flipped(before: string, after: string, cluster: Cluster): readonly Hunk[] | undefined {
  const { hunks, range, newRange } = cluster;
  // By where they end: the ways to read the text so far.
  let steps = new Map<number, Step | undefined>([[newRange.start, undefined]]);
  let at = range.start;
  for (const hunk of hunks) {
    const gap = before.slice(at, hunk.place.start);
    const next = new Map<number, Step | undefined>();
    for (const [end, previous] of steps) {
      const start = matchAt(after, end, gap);
      if (start < 0) continue;
      for (const side of sidesOf(hunk)) {
        const sideEnd = matchAt(after, start, sideText(hunk, side)!);
        if (sideEnd < 0 || sideEnd > newRange.end || next.has(sideEnd)) continue;
        next.set(sideEnd, { place: { start, end: sideEnd }, side, previous });
      }
    }
    steps = next;
    at = hunk.place.end;
  }
  const rest = before.slice(at, range.end);
  for (const [end, step] of steps) {
    if (matchAt(after, end, rest) === newRange.end) return readBack(hunks, step);
  }
  return undefined;
}

/** The one that stands first. */
function sidesOf(hunk: Hunk): readonly Side[] {
  if (!hunk.written) return ['before'];
  return standingSide(hunk) === 'written' ? ['written', 'before'] : ['before', 'written'];
}

function readBack(hunks: readonly Hunk[], last: Step | undefined): readonly Hunk[] {
  const result: Hunk[] = [];
  for (let step = last, index = hunks.length - 1; step; step = step.previous, index -= 1) {
    result.unshift(standing(hunks[index]!, step.side, step.place));
  }
  return result;
}
