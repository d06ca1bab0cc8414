/** Finds a hunk whose place went with a larger change: a formatter, a revert, a checkout, a deletion undone. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { type Side, sideText, standingSide } from './hunk.js';
import { lineEndLength, matchAt, withLineEnds } from './line-ends.js';

/** Units of text beside a place, white space not counted, that are compared. */
const contextLength = 32;
/** So many that agree are no accident. */
const enough = 16;
/** So many must agree on each side, unless one side says enough. */
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
  /** Of one that is displaced: where it is now if this change undoes the one that displaced it. */
  readonly hint: number | undefined;
}

export interface Found {
  readonly side: Side;
  readonly place: Range;
}

/** A place with what stands on both sides of it. */
interface Surroundings {
  readonly left: string;
  /** Where `left` is read from, backwards. */
  readonly leftAt: number;
  readonly right: string;
  readonly rightAt: number;
}

/** How many units agree. */
interface Agreement {
  readonly left: number;
  readonly right: number;
  /** Whether all that are compared agree, on both sides. */
  readonly isWhole: boolean;
}

interface Candidate extends Found, Agreement {}

/**
 * Where the hunk stands in the text after `move`. It must be beyond doubt: either the move undoes another, or the text
 * around agrees, better than around every other place with the same text, and no other place of the text before may
 * claim it as well.
 */
export function findAgain(hunk: Hunk, move: Move): Found | undefined {
  const origin = surroundingsOf(hunk, move.before);
  const sides = (['before', 'written'] as const).filter((side) => sideText(hunk, side) !== undefined);
  const undone = sides.map((side) => undoneAt(hunk, side, origin, move)).find((found) => found !== undefined);
  if (undone) return undone;
  const candidates = sides.flatMap((side) => candidatesOf(hunk, side, origin, move));
  const [best, second] = candidates.sort((a, b) => total(b) - total(a));
  return best && (!second || total(best) > total(second)) ? best : undefined;
}

/** The place where it stood before it was displaced, if all is there as it was. */
function undoneAt(hunk: Hunk, side: Side, origin: Surroundings, { after, hint }: Move): Found | undefined {
  if (hint === undefined) return undefined;
  const place = { start: hint, end: matchAt(after, hint, sideText(hunk, side)!) };
  if (place.end < 0) return undefined;
  return agreementOf(origin, around(after, place)).isWhole ? { side, place } : undefined;
}

/** For `lost`: what stands around `place`. */
export function contextOf(
  text: string,
  { start, end }: Range,
): { readonly before: string; readonly after: string } {
  let before = '';
  for (let at = start; at > 0 && before.length < contextLength; at -= 1) {
    const char = text[at - 1]!;
    if (!isSpace(char)) before = char + before;
  }
  let after = '';
  for (let at = end; at < text.length && after.length < contextLength; at += 1) {
    const char = text[at]!;
    if (!isSpace(char)) after += char;
  }
  return { before, after };
}

function surroundingsOf(hunk: Hunk, text: string): Surroundings {
  const { lost, place } = hunk;
  if (!lost) return around(text, place);
  return { left: lost.before, leftAt: lost.before.length, right: lost.after, rightAt: 0 };
}

function around(text: string, { start, end }: Range): Surroundings {
  return { left: text, leftAt: start, right: text, rightAt: end };
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
    const agrees = left + right >= enough && Math.min(left, right) >= enoughBeside;
    if (!agrees && !(isUnmoved && (isSole || Math.max(left, right) >= enough))) return [];
    const isClaimed = rivals.some((rival) => total(agreementOf(rival, target)) >= total(agreement));
    return isClaimed ? [] : [{ side, place, ...agreement }];
  });
}

/** Where `pattern` stands in `text`, sharing text with `changed` or touching it. */
function occurrences(text: string, pattern: string, changed: Range): readonly Range[] {
  if (pattern === '') return [];
  const written = withLineEnds(pattern, firstLineEnd(text));
  const from = Math.max(0, changed.start - written.length);
  const to = Math.min(text.length, changed.end + written.length);
  const stretch = text.slice(from, to);
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

function total({ left, right }: Agreement): number {
  return left + right;
}

function agreementOf(a: Surroundings, b: Surroundings): Agreement {
  const left = agreeing(a.left, a.leftAt, b.left, b.leftAt, -1);
  const right = agreeing(a.right, a.rightAt, b.right, b.rightAt, 1);
  return { left: left.count, right: right.count, isWhole: left.isWhole && right.isWhole };
}

function agreeing(
  a: string,
  aFrom: number,
  b: string,
  bFrom: number,
  direction: 1 | -1,
): { readonly count: number; readonly isWhole: boolean } {
  let aAt = direction > 0 ? aFrom : aFrom - 1;
  let bAt = direction > 0 ? bFrom : bFrom - 1;
  for (let count = 0; count < contextLength; count += 1, aAt += direction, bAt += direction) {
    while (isSpace(a[aAt])) aAt += direction;
    while (isSpace(b[bAt])) bAt += direction;
    // An end of the document says as much as the least that must agree.
    if (a[aAt] === undefined && b[bAt] === undefined)
      return { count: Math.max(count, enoughBeside), isWhole: true };
    if (a[aAt] !== b[bAt]) return { count, isWhole: false };
  }
  return { count: contextLength, isWhole: true };
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
