/** Finds a hunk whose place went with a larger change: a formatter, a revert, a checkout, a deletion undone. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { type Agreement, agreementOf, around, remembered, type Surroundings, total } from './context.js';
import { type Side, sideText, standingSide } from './hunk.js';
import { lineEndLength, withLineEnds } from './line-ends.js';

/** So many that agree are no accident. */
const enough = 16;
/** So many of them on each side, where another text is to stand than before the change. */
const enoughBeside = 4;
/** A text of so many units that is there once needs no context. */
const distinctive = 16;

/** A change that may have moved a hunk. */
export interface Move {
  readonly before: string;
  readonly after: string;
  /** What the changes that touch the hunk cover, in the two texts. */
  readonly changed: Range;
  readonly newChanged: Range;
}

export interface Found {
  readonly side: Side;
  readonly place: Range;
}

interface Candidate extends Found, Agreement {}

/**
 * Where the hunk stands in the text after `move`. It must be beyond doubt: the text around it must agree, better than
 * around every other place with the same text, and no other place of the text before may claim it as well.
 */
export function findAgain(hunk: Hunk, move: Move): Found | undefined {
  const origin = hunk.lost ? remembered(hunk.lost.context) : around(move.before, hunk.place);
  const sides = (['before', 'written'] as const).filter((side) => sideText(hunk, side) !== undefined);
  const candidates = sides.flatMap((side) => candidatesOf(hunk, side, origin, move));
  const [best, second] = candidates.sort((a, b) => total(b) - total(a));
  return best && (!second || total(best) > total(second)) ? best : undefined;
}

/** The places of one side that could be the hunk's, as far as this side alone tells. */
function candidatesOf(hunk: Hunk, side: Side, origin: Surroundings, move: Move): Candidate[] {
  const text = sideText(hunk, side)!;
  const places = occurrences(move.after, text, move.newChanged);
  if (places.length === 0) return [];
  const isUnmoved = standingSide(hunk) === side;
  const rivals = occurrences(move.before, text, move.changed)
    .filter(({ start }) => !(isUnmoved && start === hunk.place.start))
    .map((place) => around(move.before, place));
  const isSole = places.length === 1 && rivals.length === 0 && text.length >= distinctive;
  return places.flatMap((place): Candidate[] => {
    const target = around(move.after, place);
    const agreement = agreementOf(origin, target);
    const { left, right } = agreement;
    const agrees = total(agreement) >= enough && Math.min(left, right) >= (isUnmoved ? 1 : enoughBeside);
    if (!agrees && !(isUnmoved && isSole)) return [];
    const isClaimed = rivals.some((rival) => total(agreementOf(rival, target)) >= total(agreement));
    return isClaimed ? [] : [{ side, place, ...agreement }];
  });
}

/** Where `pattern` stands in `text` with some of what has changed: what has not is as it was. */
function occurrences(text: string, pattern: string, changed: Range): readonly Range[] {
  if (pattern === '') return [];
  const written = withLineEnds(pattern, firstLineEnd(text));
  const from = Math.max(0, changed.start - written.length + 1);
  const stretch = text.slice(from, changed.end + written.length - 1);
  const found: Range[] = [];
  for (let at = stretch.indexOf(written); at >= 0; at = stretch.indexOf(written, at + 1)) {
    found.push({ start: from + at, end: from + at + written.length });
  }
  return found;
}

function firstLineEnd(text: string): string {
  const at = text.search(/[\r\n]/);
  return at < 0 ? '\n' : text.slice(at, at + lineEndLength(text, at));
}
