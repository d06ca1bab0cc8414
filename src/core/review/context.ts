/** What stands around a place, compared without white space: formatters change that, and line ends are some. */
import type { Context } from '../../protocol/review.js';
import type { Range } from '../document/types.js';

/** Units on each side of a place that are compared. */
export const contextLength = 32;

/** Where the text before a place and the text after it are read. */
export interface Surroundings {
  readonly left: string;
  /** `left` is read backwards from here. */
  readonly leftAt: number;
  readonly right: string;
  readonly rightAt: number;
}

/** How many units agree: all that are compared, where the document ends at once. */
export interface Agreement {
  readonly left: number;
  readonly right: number;
}

export function around(text: string, { start, end }: Range): Surroundings {
  return { left: text, leftAt: start, right: text, rightAt: end };
}

export function remembered({ before, after }: Context): Surroundings {
  return { left: before, leftAt: before.length, right: after, rightAt: 0 };
}

/** To remember what stands around `place`. */
export function contextOf(text: string, { start, end }: Range): Context {
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

export function total({ left, right }: Agreement): number {
  return left + right;
}

export function agreementOf(a: Surroundings, b: Surroundings): Agreement {
  return {
    left: agreeing(a.left, a.leftAt - 1, b.left, b.leftAt - 1, -1),
    right: agreeing(a.right, a.rightAt, b.right, b.rightAt, 1),
  };
}

function agreeing(a: string, aFrom: number, b: string, bFrom: number, direction: 1 | -1): number {
  let aAt = aFrom;
  let bAt = bFrom;
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
