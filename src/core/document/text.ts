/** Texts as the model reads them. */
import { countWhile } from './lines.js';
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
  let next = countWhile(marks, ({ end }) => end <= range.start);
  const parts: string[] = [];
  let at = range.start;
  for (let mark = marks[next]; mark && mark.start < range.end; mark = marks[++next]) {
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
