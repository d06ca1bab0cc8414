/** Finds a hunk whose place went with a larger change: a formatter, a revert, a checkout, a deletion undone. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { type Side, sideText, standingSide } from './hunk.js';
import { lineEndLength, withLineEnds } from './line-ends.js';

/** Units of text beside a place, white space not counted, that are compared. */
const contextLength = 32;
/** So many that agree are no accident. */
const enough = 8;
/** So many must agree on each side, and `enough` twice in all, where another text is to stand than before the change. */
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
  /** What the hunk's place has become, all that came for it included: where it is looked for. */
  readonly window: Range;
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

interface Candidate extends Found {
  readonly left: number;
  readonly right: number;
}

/**
 * Where the hunk stands in the text after `move`. It must be beyond doubt: the text around it must agree, better than
 * around every other place with the same text, and no other place of the text before may claim it as well.
 */
export function findAgain(hunk: Hunk, move: Move): Found | undefined {
  const origin = surroundingsOf(hunk, move.before);
  const sides = (['before', 'written'] as const).filter((side) => sideText(hunk, side) !== undefined);
  const candidates = sides.flatMap((side) => candidatesOf(hunk, side, origin, move));
  const [first, ...rest] = candidates.sort((a, b) => total(b) - total(a));
  if (!first) return undefined;
  const equals = [first, ...rest.filter((other) => total(other) === total(first))];
  const hinted = equals.filter(({ place }) => place.start === move.hint);
  const [best] = hinted.length > 0 ? hinted : equals;
  return best && (equals.length === 1 || hinted.length === 1) ? best : undefined;
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
  const places = text === '' ? emptyPlace(move) : occurrences(move.after, text, move.newChanged, move.window);
  if (places.length === 0) return [];
  const isUnmoved = standingSide(hunk) === side && text !== '';
  const rivals = occurrences(move.before, text, move.changed)
    .filter(({ start }) => !(isUnmoved && start === hunk.place.start))
    .map((place) => around(move.before, place));
  const isSole = places.length === 1 && rivals.length === 0;
  return places.flatMap((place): Candidate[] => {
    const target = around(move.after, place);
    const agreement = agreementOf(origin, target);
    const isSure = isUnmoved
      ? total(agreement) >= enough || (isSole && text.length >= distinctive)
      : Math.min(agreement.left, agreement.right) >= enoughBeside && total(agreement) >= 2 * enough;
    if (!isSure) return [];
    const isClaimed = rivals.some((rival) => total(agreementOf(rival, target)) >= total(agreement));
    return isClaimed ? [] : [{ side, place, ...agreement }];
  });
}

/** Nothing can stand anywhere: only where the hint says. */
function emptyPlace({ window, hint }: Move): readonly Range[] {
  return hint !== undefined && hint <= window.end ? [{ start: hint, end: hint }] : [];
}

/** Where `pattern` stands in `text`, touching `changed` and within `limits`. */
function occurrences(text: string, pattern: string, changed: Range, limits?: Range): readonly Range[] {
  if (pattern === '') return [];
  const written = withLineEnds(pattern, firstLineEnd(text));
  const from = Math.max(0, changed.start - written.length, limits?.start ?? 0);
  const to = Math.min(text.length, changed.end + written.length, limits?.end ?? text.length);
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

function total({ left, right }: { readonly left: number; readonly right: number }): number {
  return left + right;
}

/** Units that agree on either side; all that are compared, when both come to an end of the document at once. */
function agreementOf(a: Surroundings, b: Surroundings): { readonly left: number; readonly right: number } {
  return {
    left: agreeing(a.left, a.leftAt, b.left, b.leftAt, -1),
    right: agreeing(a.right, a.rightAt, b.right, b.rightAt, 1),
  };
}

function agreeing(a: string, aFrom: number, b: string, bFrom: number, direction: 1 | -1): number {
  let aAt = direction > 0 ? aFrom : aFrom - 1;
  let bAt = direction > 0 ? bFrom : bFrom - 1;
  for (let count = 0; count < contextLength; count += 1, aAt += direction, bAt += direction) {
    while (isSpace(a[aAt])) aAt += direction;
    while (isSpace(b[bAt])) bAt += direction;
    if (a[aAt] === undefined && b[bAt] === undefined) return contextLength;
    if (a[aAt] !== b[bAt]) return count;
  }
  return contextLength;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
