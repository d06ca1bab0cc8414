/** What an edit did to a text, as plain stretches. */
import type { Range } from '../document/types.js';
import { lineEndLength } from './line-ends.js';

/** One change as VS Code reports it: offsets are into the text before the event. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/** A stretch of the text before an event, and the one that stands in its place after it. */
export interface Splice extends Range {
  readonly newStart: number;
  readonly newEnd: number;
}

/** The change of everything, for when nothing is known but the two texts. */
export function wholeSplice(before: string, after: string): Splice {
  return { start: 0, end: before.length, newStart: 0, newEnd: after.length };
}

/**
 * The reported changes, in any order, as ascending and disjoint splices (they may touch). Undefined when they do not
 * add up to `after`.
 */
export function splicesOf(
  before: string,
  changes: readonly TextChange[],
  after: string,
): readonly Splice[] | undefined {
  const ordered = [...changes].sort((a, b) => a.rangeOffset - b.rangeOffset || a.rangeLength - b.rangeLength);
  const splices: Splice[] = [];
  let end = 0;
  let shift = 0;
  for (const { rangeOffset, rangeLength, text } of ordered) {
    const newStart = rangeOffset + shift;
    if (rangeOffset < end || !after.startsWith(text, newStart)) return undefined;
    end = rangeOffset + rangeLength;
    shift += text.length - rangeLength;
    splices.push({ start: rangeOffset, end, newStart, newEnd: newStart + text.length });
  }
  return end <= before.length && before.length + shift === after.length ? splices : undefined;
}

/**
 * What of `splice` differs: what it leaves as it was counts as unchanged, and a change of line ends alone is one splice
 * per line end.
 */
export function differing(before: string, after: string, splice: Splice): readonly Splice[] {
  const lineEnds = lineEndSplices(before, after, splice);
  if (lineEnds) return lineEnds;
  const rest = trimmed(before, after, splice);
  return rest ? [rest] : [];
}

/** One splice per line end, if nothing but line ends differs. */
function lineEndSplices(
  before: string,
  after: string,
  { start, end, newStart, newEnd }: Splice,
): Splice[] | undefined {
  const splices: Splice[] = [];
  let at = start;
  let newAt = newStart;
  while (at < end && newAt < newEnd) {
    if (before.charCodeAt(at) === after.charCodeAt(newAt) && before[at] !== '\r') {
      at += 1;
      newAt += 1;
      continue;
    }
    const length = lineEndLength(before, at);
    const newLength = lineEndLength(after, newAt);
    if (length === 0 || newLength === 0) return undefined;
    if (length !== newLength || before[at] !== after[newAt]) {
      splices.push({ start: at, end: at + length, newStart: newAt, newEnd: newAt + newLength });
    }
    at += length;
    newAt += newLength;
  }
  return at === end && newAt === newEnd ? splices : undefined;
}

/**
 * Without what both texts begin and end with; undefined when they are the same. Where the two overlap, as when one of
 * two equal lines went, the texts do not tell which: all that it may have been counts as changed.
 */
function trimmed(before: string, after: string, splice: Splice): Splice | undefined {
  const { start, end, newStart, newEnd } = splice;
  const shorter = Math.min(end - start, newEnd - newStart);
  let head = 0;
  while (head < shorter && before.charCodeAt(start + head) === after.charCodeAt(newStart + head)) head += 1;
  if (head === end - start && head === newEnd - newStart) return undefined;
  let tail = 0;
  while (tail < shorter && before.charCodeAt(end - 1 - tail) === after.charCodeAt(newEnd - 1 - tail))
    tail += 1;
  const sureHead = Math.min(head, shorter - tail);
  const sureTail = Math.min(tail, shorter - head);
  return {
    start: start + sureHead,
    end: end - sureTail,
    newStart: newStart + sureHead,
    newEnd: newEnd - sureTail,
  };
}

/** Splices of an event with lookups by offset. */
export class SpliceMap {
  readonly splices: readonly Splice[];

  constructor(splices: readonly Splice[]) {
    this.splices = splices;
  }

  /** Those that overlap or touch `range`. */
  touching({ start, end }: Range): readonly Splice[] {
    return this.splices.slice(
      this.#firstWhere((splice) => splice.end >= start),
      this.#firstWhere((splice) => splice.start > end),
    );
  }

  /** Where `range` is now; what was inserted at its very ends lies outside. Of an empty range: after what was inserted. */
  inner(range: Range): Range {
    const next = this.#firstWhere((splice) => splice.end > range.start);
    const crossed = this.splices[next];
    const start =
      crossed && crossed.start < range.start ? crossed.newEnd : range.start + this.#shiftBefore(next);
    if (range.start === range.end) return { start, end: start };
    const last = this.splices[this.#firstWhere((splice) => splice.start >= range.end) - 1];
    const end = last && last.end > range.end ? last.newStart : range.end + shiftAfter(last);
    return { start, end };
  }

  /** Where `range` is now; what was inserted at its very ends, or has come for text across them, lies inside. */
  outer(range: Range): Range {
    let next = this.#firstWhere((splice) => splice.end >= range.start);
    for (let splice = this.splices[next]; splice; splice = this.splices[++next]) {
      if (splice.start >= range.start || splice.end > range.start) break;
    }
    const first = this.splices[next];
    const start =
      first && first.start <= range.start ? first.newStart : range.start + this.#shiftBefore(next);
    let index = this.#firstWhere((splice) => splice.start > range.end) - 1;
    for (let splice = this.splices[index]; splice; splice = this.splices[--index]) {
      if (splice.end <= range.end || splice.start < range.end) break;
    }
    const last = this.splices[index];
    const end = last && last.end >= range.end ? last.newEnd : range.end + shiftAfter(last);
    return { start, end: Math.max(start, end) };
  }

  #shiftBefore(index: number): number {
    const next = this.splices[index];
    return next ? next.newStart - next.start : shiftAfter(this.splices[index - 1]);
  }

  /** Index of the first splice with `test`, which holds from some index on. */
  #firstWhere(test: (splice: Splice) => boolean): number {
    let low = 0;
    for (let high = this.splices.length; low < high;) {
      const middle = (low + high) >> 1;
      if (test(this.splices[middle]!)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function shiftAfter(splice: Splice | undefined): number {
  return splice ? splice.newEnd - splice.end : 0;
}
