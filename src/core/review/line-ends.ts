/** Texts that differ in their line ends alone count as the same: the author may switch between LF and CRLF at any time. */

/** Length of the line end at `at`; 0 when there is none. */
export function lineEndLength(text: string, at: number): number {
  const char = text[at];
  if (char === '\n') return 1;
  if (char !== '\r') return 0;
  return text[at + 1] === '\n' ? 2 : 1;
}

/** Where `pattern` ends in `text` if it stands at `at`, whatever the line ends; −1 when it does not. */
export function matchAt(text: string, at: number, pattern: string): number {
  if (text.startsWith(pattern, at) && !pattern.endsWith('\r')) return at + pattern.length;
  let end = at;
  for (let index = 0; index < pattern.length;) {
    const length = lineEndLength(pattern, index);
    if (length > 0) {
      const found = lineEndLength(text, end);
      if (found === 0) return -1;
      index += length;
      end += found;
    } else if (pattern.charCodeAt(index) === text.charCodeAt(end)) {
      index += 1;
      end += 1;
    } else return -1;
  }
  return end;
}

/** `text` with every line end as `lineEnd`. */
export function withLineEnds(text: string, lineEnd: string): string {
  return text.replace(/\r\n?|\n/g, lineEnd);
}

/** The one line end that `text` has; undefined when it has none or several. */
export function onlyLineEnd(text: string): string | undefined {
  let only: string | undefined;
  for (const [lineEnd] of text.matchAll(/\r\n?|\n/g)) {
    only ??= lineEnd;
    if (lineEnd !== only) return undefined;
  }
  return only;
}
