/**
 * How a hunk stood before edits that did more to it than move it. An undo is recognised by the text, which is the very
 * same again: the edit that undoes another need not touch the hunk at all.
 */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { contextOf, isSameContext } from './context.js';
import { sideText, standing, standingSide, standsAt } from './hunk.js';

type Standing = NonNullable<Hunk['past']>[number];

/** More is not needed: an author undoes the last edits first. */
const keptStandings = 50;

/** The hunk, which stands in `text`, with this standing kept. */
export function withPast(hunk: Hunk, text: string): Hunk {
  const { place, past = [] } = hunk;
  const side = standingSide(hunk)!;
  const last = { side, place, textLength: text.length, context: contextOf(text, place) };
  const others = past.filter((standing) => !isSameStanding(standing, last));
  return { ...hunk, past: [...others, last].slice(-keptStandings) };
}

/** Whether it may be known how the hunk stood in `text`. */
export function hasPastOf({ past = [] }: Hunk, text: string): boolean {
  return past.some(({ textLength }) => textLength === text.length);
}

/**
 * The hunk, which was in `before`, as it stood when the text was `after`, if it ever did. When it stood in several ways
 * there, as after the accept of a deletion right behind the same word, it is the one at `told`, where the edit has put
 * it, else the last.
 */
export function recalled(hunk: Hunk, before: string, after: string, told: Range): Hunk | undefined {
  const known = (hunk.past ?? []).filter(
    ({ side, place, textLength, context }) =>
      textLength === after.length &&
      standsAt(after, place, sideText(hunk, side) ?? '') &&
      isSameContext(context, after, place),
  );
  const isTold = ({ place }: Standing): boolean => place.start === told.start && place.end === told.end;
  const found = known.findLast(isTold) ?? known.at(-1);
  // As it stands now is how redo will find it.
  return found && standing(standingSide(hunk) ? withPast(hunk, before) : hunk, found.side, found.place);
}

function isSameStanding(a: Standing, b: Standing): boolean {
  return (
    a.side === b.side &&
    a.textLength === b.textLength &&
    a.place.start === b.place.start &&
    a.place.end === b.place.end &&
    a.context.before === b.context.before &&
    a.context.after === b.context.after
  );
}
