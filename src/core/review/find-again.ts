/** Finds a hunk whose place went with a larger change: a formatter, a revert, a checkout. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { type Agreement, agreementOf, around, comparedLength, enough, total } from './context.js';
import { type Side, sideText, standingSide } from './hunk.js';
import { lineEndLength, withLineEnds } from './line-ends.js';

/** So many units must agree on each side, unless all on one side do where the text stays the same. */
const enoughBeside = 4;
/** So many more must agree than at any other place. */
const clearly = 8;
/** A text of so many units that is there once needs no context. */
const distinctive = 16;

/** A text that remembers where patterns were found in it: the hunks of one change often look for the same one. */
export class SearchedText {
  readonly text: string;
  readonly #found = new Map<string, readonly Range[]>();

  constructor(text: string) {
    this.text = text;
  }

  /** Where `pattern` stands with some of what has changed: what has not is as it was. */
  placesOf(pattern: string, changed: Range): readonly Range[] {
    const key = `${changed.start} ${changed.end} ${pattern}`;
    const known = this.#found.get(key);
    if (known) return known;
    const found = occurrences(this.text, pattern, changed);
    this.#found.set(key, found);
    return found;
  }
}

/** A change that may have moved a hunk. */
export interface Move {
  readonly before: SearchedText;
  readonly after: SearchedText;
  /** What the changes across the hunk's ends cover, in the two texts. */
  readonly changed: Range;
  readonly newChanged: Range;
}

export interface Found {
  readonly side: Side;
  readonly place: Range;
}

/** A place where the text of one side stands, and how well its surroundings agree with the hunk's own. */
interface Candidate extends Found, Agreement {}

/**
 * Where the hunk stands in the text after `move`. It must be beyond doubt: the text around it must agree, better than
 * around every other place with the same text, and no other place of the text before may claim it as well.
 */
export function findAgain(hunk: Hunk, move: Move): Found | undefined {
  const candidates = (['before', 'written'] as const).flatMap((side) => candidatesOf(hunk, side, move));
  const [best, second] = candidates.sort((a, b) => total(b) - total(a));
  if (!best || (second && total(second) > total(best) - clearly)) return undefined;

  const isUnmoved = best.side === standingSide(hunk);
  const text = sideText(hunk, best.side)!;
  const rivals = move.before
    .placesOf(text, move.changed)
    .filter(({ start }) => !isUnmoved || start !== hunk.place.start);
  const target = around(move.after.text, best.place);
  const isClaimed = rivals.some(
    (rival) => total(agreementOf(around(move.before.text, rival), target)) > total(best) - clearly,
  );
  if (isClaimed) return undefined;

  const { left, right } = best;
  if (total(best) >= enough && Math.min(left, right) >= enoughBeside) return best;
  // Less is needed where its text stands in what has come, and not half in what was beside it before.
  const { newChanged } = move;
  const isWhole = newChanged.start <= best.place.start && best.place.end <= newChanged.end;
  const isOnlyOne = rivals.length === 0 && candidates.filter(({ side }) => side === best.side).length === 1;
  const isKnown = Math.max(left, right) === comparedLength || (isOnlyOne && text.length >= distinctive);
  return isUnmoved && isWhole && isKnown ? best : undefined;
}

function candidatesOf(hunk: Hunk, side: Side, { before, after, newChanged }: Move): Candidate[] {
  const text = sideText(hunk, side);
  if (text === undefined) return [];
  const origin = around(before.text, hunk.place);
  return after.placesOf(text, newChanged).map((place) => ({
    side,
    place,
    ...agreementOf(origin, around(after.text, place)),
  }));
}

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
