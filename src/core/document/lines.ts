import type { Place } from './types.js';

/** The lines of a text: CRLF, LF and a lone CR end a line, as in CommonMark and in VS Code. */
export interface Lines {
  /** Offset of each line's first unit, ascending; the first is 0. */
  readonly starts: readonly number[];
  /** Offset of each line's end, its line end not included. */
  readonly textEnds: readonly number[];
  /** Length of the text. */
  readonly length: number;
}

/** Finds the lines of `source`. A text that ends with a line end has an empty last line. */
export function splitLines(source: string): Lines {
  const starts = [0];
  const textEnds: number[] = [];
  for (const match of source.matchAll(/\r\n?|\n/g)) {
    textEnds.push(match.index);
    starts.push(match.index + match[0].length);
  }
  textEnds.push(source.length);
  return { starts, textEnds, length: source.length };
}

/** The 0-based line that holds `offset`; the line end belongs to the line it ends. */
export function lineAt(lines: Lines, offset: number): number {
  return lastAtMost(lines.starts, offset);
}

/** Offset of the end of 0-based `line`, its line end included. */
export function lineEndOffset(lines: Lines, line: number): number {
  return lines.starts[line + 1] ?? lines.length;
}

export function placeOf(lines: Lines, offset: number): Place {
  const line = lineAt(lines, offset);
  return { line: line + 1, column: offset - lines.starts[line]! + 1 };
}

/** Index of the last of the ascending `values` that is ≤ `limit`; −1 when there is none. */
export function lastAtMost(values: readonly number[], limit: number): number {
  return countWhile(values, (value) => value <= limit) - 1;
}

/** How many of `items` hold to `belongs`, which those up to some place do and those behind it do not. */
export function countWhile<T>(items: readonly T[], belongs: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (belongs(items[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The most frequent line end of `source`; of equally frequent ones the first to occur; '\n' when there is none. */
export function prevailingLineEnd(source: string): string {
  const counts = new Map<string, number>();
  for (const [lineEnd] of source.matchAll(/\r\n?|\n/g)) counts.set(lineEnd, (counts.get(lineEnd) ?? 0) + 1);
  let best: string | undefined;
  for (const [lineEnd, count] of counts) {
    if (best === undefined || count > counts.get(best)!) best = lineEnd;
  }
  return best ?? '\n';
}
