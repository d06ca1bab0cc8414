/** From the faults of marks to errors that an editor can underline. */
import { lastAtMost, lineAt, placeOf } from './lines.js';
import type { MarkCandidate, MarkFault } from './mark-scan.js';
import type { Reading } from './reading.js';
import type { DocumentProblem, Range } from './types.js';

/** `faults` in document order, each with what it is about: a mark, an option of it, or a destination. */
export function problemsOf(faults: readonly MarkFault[], reading: Reading): DocumentProblem[] {
  const marks = reading.marks.map(({ mark }) => mark);
  const starts = marks.map(({ start }) => start);
  return [...faults]
    .sort((a, b) => a.offset - b.offset)
    .map(({ code, message, offset, range }) => ({
      code,
      message,
      ...placeOf(reading.lines, offset),
      range:
        range && range.start < range.end
          ? range
          : rangeOf(offset, marks[lastAtMost(starts, offset)], reading),
    }));
}

// What stands at the place of a fault within a mark: `name="value"`, or any word.
const OPTION = /^[^\s=]+(?:=(?:"[^"]*"|\S*))?/;
const DESTINATION = /^(?:<[^<>\r\n]*>|[^\s)]*)/;

/** The longest stretch that is underlined, so that many faults on one long line take no quadratic time. */
const LONGEST = 300;

function rangeOf(offset: number, mark: MarkCandidate | undefined, { source, lines }: Reading): Range {
  if (mark && offset === mark.start) return { start: mark.start, end: mark.end };
  const isInMark = mark !== undefined && offset < mark.end;
  const textEnd = lines.textEnds[lineAt(lines, offset)]!;
  const limit = isInMark ? Math.max(offset + 1, mark.end - '-->'.length) : textEnd;
  const text = source.slice(offset, Math.min(limit, offset + LONGEST));
  const length = (isInMark ? OPTION : DESTINATION).exec(text)?.[0].length ?? 0;
  // At the end of the document nothing follows; the last character stands for it.
  if (offset >= limit) return { start: Math.max(0, offset - 1), end: offset };
  return { start: offset, end: Math.min(limit, Math.max(offset + 1, offset + length)) };
}
