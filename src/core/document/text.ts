/** Texts as the model reads them. */
import type { Range } from './types.js';

/** `text` with every line end as LF. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** Whether there is no text between the marks of a span; in a quote the markers of blank lines are none. */
export function isBlank(before: string): boolean {
  return /^[\s>]*$/.test(before);
}

/** What `range` of `source` holds besides the ascending `marks`, with LF line ends. */
export function textWithoutMarks(source: string, range: Range, marks: readonly Range[]): string {
  let low = 0;
  for (let high = marks.length; low < high;) {
    const middle = (low + high) >> 1;
    if (marks[middle]!.end <= range.start) low = middle + 1;
    else high = middle;
  }
  const parts: string[] = [];
  let at = range.start;
  for (let mark = marks[low]; mark && mark.start < range.end; mark = marks[++low]) {
    if (mark.start > at) parts.push(source.slice(at, mark.start));
    at = Math.max(at, mark.end);
  }
  if (at < range.end) parts.push(source.slice(at, range.end));
  return withLineFeeds(parts.join(''));
}

/** `text` on one line: a line end, the white space around it and the `>` of quotes after it become one space. */
export function onOneLine(text: string): string {
  const lines = withLineFeeds(text).split('\n');
  return lines
    .map((line, index) => {
      const start = index === 0 ? 0 : /^[ \t>]*/.exec(line)![0].length;
      return index === lines.length - 1 ? line.slice(start) : line.slice(start).trimEnd();
    })
    .join(' ');
}
