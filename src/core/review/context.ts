/** What stands around a place, by which it is found again. Formatters change white space, so that it is passed over. */
import type { Context } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { withLineEnds } from './line-ends.js';

/** Units on each side of a place that are compared, white space not counted. */
export const comparedLength = 32;
/** So many that agree are no accident, nor is it that the text ends at once. */
export const enough = 16;
/** Units on each side of a place that are remembered, white space included. */
const rememberedLength = 64;

/** Where the text before a place and the text after it are read. */
export interface Surroundings {
  readonly left: string;
  /** `left` is read backwards from here. */
  readonly leftAt: number;
  readonly right: string;
  readonly rightAt: number;
}

/** How many units agree, white space passed over. */
export interface Agreement {
  readonly left: number;
  readonly right: number;
}

export function around(text: string, { start, end }: Range): Surroundings {
  return { left: text, leftAt: start, right: text, rightAt: end };
}

/** To remember what stands around `place`, with LF line ends. */
export function contextOf(text: string, { start, end }: Range): Context {
  // A line end may be two units.
  const before = withLineEnds(text.slice(Math.max(0, start - 2 * rememberedLength), start), '\n');
  const after = withLineEnds(text.slice(end, end + 2 * rememberedLength), '\n');
  return { before: before.slice(-rememberedLength), after: after.slice(0, rememberedLength) };
}

/** Whether all that is remembered of a place stands around `place`, white space included. */
export function isSameContext(context: Context, text: string, place: Range): boolean {
  const { before, after } = contextOf(text, place);
  return before === context.before && after === context.after;
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
  for (let count = 0; count < comparedLength; count += 1, aAt += direction, bAt += direction) {
    while (isSpace(a[aAt])) aAt += direction;
    while (isSpace(b[bAt])) bAt += direction;
    if (a[aAt] === undefined && b[bAt] === undefined) return Math.max(count, enough);
    if (a[aAt] !== b[bAt]) return count;
  }
  return comparedLength;
}

function isSpace(char: string | undefined): boolean {
  return char === ' ' || char === '\n' || char === '\t' || char === '\r';
}
