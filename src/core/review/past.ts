/**
 * How a hunk stood before edits that did more to it than move it. Undo brings back the very same text, by which that is
 * seen; the edit that undoes another need not touch the hunk at all.
 */
import type { Hunk } from '../../protocol/review.js';
import { contextOf, isSameContext } from './context.js';
import { sideText, standing, standingSide, standsAt } from './hunk.js';

/** More is not needed: an author undoes the last edits first. */
const keptStandings = 50;

/** The hunk, which stands in `text`, with this standing kept. */
export function withPast(hunk: Hunk, text: string): Hunk {
  const { place, past = [] } = hunk;
  const side = standingSide(hunk)!;
  const last = { side, place, textLength: text.length, context: contextOf(text, place) };
  return { ...hunk, past: [...past, last].slice(-keptStandings) };
}

/** The hunk as it stood when the text was `text`, if it ever did. */
export function recalled(hunk: Hunk, text: string): Hunk | undefined {
  const { past = [] } = hunk;
  const index = past.findLastIndex(
    ({ side, place, textLength, context }) =>
      textLength === text.length &&
      standsAt(text, place, sideText(hunk, side) ?? '') &&
      isSameContext(context, text, place),
  );
  const found = past[index];
  return found && standing({ ...hunk, past: past.slice(0, index) }, found.side, found.place);
}
