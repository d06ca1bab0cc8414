/** Finding hunks by place. Offsets and ranges are into the review's text. */
import type { Hunk } from '../../protocol/review.js';
import { lastAtMost } from '../document/lines.js';
import type { Range } from '../document/types.js';
import { isOpen, type Review } from './hunk.js';

/** The open hunk that begins next after `offset`; after the last one the first. */
export function nextHunk({ hunks }: Review, offset: number): Hunk | undefined {
  const open = hunks.filter(isOpen);
  return open.find(({ place }) => place.start > offset) ?? open[0];
}

/** The open hunk that begins before `offset` and does not hold it; before the first one the last. */
export function previousHunk({ hunks }: Review, offset: number): Hunk | undefined {
  const open = hunks.filter(isOpen);
  return open.findLast(({ place }) => place.start < offset && place.end <= offset) ?? open.at(-1);
}

/** The open hunk at `offset`: the smallest of those that do not end there; else the smallest that does. */
export function hunkAt({ hunks }: Review, offset: number): Hunk | undefined {
  const around = hunks.filter(
    (hunk) => isOpen(hunk) && hunk.place.start <= offset && offset <= hunk.place.end,
  );
  const length = ({ place }: Hunk): number => place.end - place.start;
  const endsThere = ({ place }: Hunk): number => (place.end === offset && place.start < offset ? 1 : 0);
  return around.sort((a, b) => endsThere(a) - endsThere(b) || length(a) - length(b))[0];
}

/** The open hunks that share text with `range`, or touch it where it is empty. */
export function hunksIn({ hunks }: Review, { start, end }: Range): readonly Hunk[] {
  return hunks.filter((hunk) => {
    const { place } = hunk;
    const isEmpty = start === end || place.start === place.end;
    const meets = isEmpty ? place.start <= end && start <= place.end : place.start < end && start < place.end;
    return meets && isOpen(hunk);
  });
}

/** A test of whether one of `hunks`, which are in order, contains a given range. */
export function coverOf(hunks: readonly Hunk[]): (range: Range) => boolean {
  const starts = hunks.map(({ place }) => place.start);
  let furthest = 0;
  const ends = hunks.map(({ place }) => (furthest = Math.max(furthest, place.end)));
  return ({ start, end }) => end <= (ends[lastAtMost(starts, start)] ?? -1);
}
