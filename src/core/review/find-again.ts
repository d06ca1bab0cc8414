/** Finds a hunk whose place went with a larger change: a formatter, a revert, a checkout. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { type Agreement, agreementOf, around, total } from './context.js';
import { type Side, sideText, standingSide } from './hunk.js';
import { lineEndLength, withLineEnds } from './line-ends.js';

/** So many that agree are no accident. */
const enough = 16;
/** So many of them on each side. */
const enoughBeside = 4;
/** So many more must agree than at any other place. */
const clearly = 8;
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

/** A place with the text of one side, and how well what is around it agrees with what was around the hunk. */
interface Candidate extends Found, Agreement {
  readonly isOnlyOne: boolean;
  /** Whether it may as well be another place of the text before that had the same text. */
  readonly isClaimed: boolean;
}

/**
 * Where the hunk stands in the text after `move`. It must be beyond doubt: the text around it must agree, better than
 * around every other place with the same text, and no other place of the text before may claim it as well.
 */
export function findAgain(hunk: Hunk, move: Move): Found | undefined {
  const candidates = (['before', 'written'] as const).flatMap((side) => candidatesOf(hunk, side, move));
  const [best, second] = candidates.sort((a, b) => total(b) - total(a));
  if (!best || best.isClaimed || (second && total(second) > total(best) - clearly)) return undefined;
  const agrees = total(best) >= enough && Math.min(best.left, best.right) >= enoughBeside;
  const isOnlyOne = best.isOnlyOne && best.side === standingSide(hunk);
  return agrees || (isOnlyOne && sideText(hunk, best.side)!.length >= distinctive) ? best : undefined;
}

function candidatesOf(hunk: Hunk, side: Side, { before, after, changed, newChanged }: Move): Candidate[] {
  const text = sideText(hunk, side);
  const places = text === undefined ? [] : occurrences(after, text, newChanged);
  if (text === undefined || places.length === 0) return [];
  const origin = around(before, hunk.place);
  const isUnmoved = standingSide(hunk) === side;
  const rivals = occurrences(before, text, changed)
    .filter(({ start }) => !(isUnmoved && start === hunk.place.start))
    .map((place) => around(before, place));
  const isOnlyOne = places.length === 1 && rivals.length === 0;
  return places.map((place) => {
    const target = around(after, place);
    const agreement = agreementOf(origin, target);
    const isClaimed = rivals.some((rival) => total(agreementOf(rival, target)) > total(agreement) - clearly);
    return { side, place, ...agreement, isOnlyOne, isClaimed };
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
