/** A review: the hunks of one document, with the text that their places belong to. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { matchAt } from './line-ends.js';

export interface Review {
  /** The document's text. */
  readonly text: string;
  /** By their places. Those of different runs may overlap: a later one may lie in text that an earlier one wrote. */
  readonly hunks: readonly Hunk[];
}

export const emptyReview = (text: string): Review => ({ text, hunks: [] });

/** The two texts that may stand at the place of a hunk. */
export type Side = 'before' | 'written';

/** The text of one side; that of an accept which never was is undefined. */
export function sideText(hunk: Hunk, side: Side): string | undefined {
  return side === 'before' ? hunk.before : hunk.written?.text;
}

/** The side that stands at the hunk's place; undefined when the text there is another. */
export function standingSide({ state }: Hunk): Side | undefined {
  if (state === 'displaced' || state === 'edited') return undefined;
  return state === 'accepted' ? 'written' : 'before';
}

/** Whether the author has still to decide about it, or to bring its text back. */
export function isOpen({ state }: Hunk): boolean {
  return state === 'pending' || state === 'displaced';
}

/** Whether `expected` is what stands at `place`, whatever the line ends. */
export function standsAt(text: string, { start, end }: Range, expected: string): boolean {
  return matchAt(text, start, expected) === end;
}

/** The hunk with `side` at `place`. */
export function standing(hunk: Hunk, side: Side, place: Range): Hunk {
  const state = side === 'written' ? 'accepted' : hunk.after ? 'pending' : 'running';
  const { isExact, ...rest } = hunk;
  if (isExact === undefined && state === hunk.state && samePlace(place, hunk.place)) return hunk;
  return { ...rest, state, place };
}

function samePlace(a: Range, b: Range): boolean {
  return a.start === b.start && a.end === b.end;
}

/** Whether they share text; a place without text is shared with what reaches over it and with another such. */
export function overlap(a: Range, b: Range): boolean {
  if (a.start === a.end && b.start === b.end) return a.start === b.start;
  return a.start < b.end && b.start < a.end;
}

/** By place; those at one place as they were. */
export function inOrder(hunks: readonly Hunk[]): readonly Hunk[] {
  return [...hunks].sort((a, b) => a.place.start - b.place.start || a.place.end - b.place.end);
}
