/** The document with all marks taken out, and the way back from its offsets to those of the source. */
import { lastAtMost, lineAt, lineEndOffset, type Lines } from './lines.js';
import type { MarkCandidate } from './mark-scan.js';
import type { Range } from './types.js';

export interface MarkFreeText {
  /** The body without marks. Line ends are LF; the CR of a CRLF is a space, so that offsets stay the same. */
  readonly text: string;
  /** Offset in `text` of a source offset; inside what was taken out, the place where it was. */
  fromSource(offset: number): number;
  /**
   * Source offset of an offset in `text`. Where something was taken out right there, `side` says which side of it:
   * `after` for the start of what follows it, `before` for the end of what precedes it.
   */
  toSource(offset: number, side: 'before' | 'after'): number;
}

/** What taking `candidate` out removes: itself, or its whole line when it stands alone there. */
export function removalOf(candidate: MarkCandidate, lines: Lines, bodyStart: number): Range {
  if (!candidate.ownLine) return { start: candidate.start, end: candidate.end };
  const line = lineAt(lines, candidate.start);
  return { start: Math.max(lines.starts[line]!, bodyStart), end: lineEndOffset(lines, line) };
}

/** Ascending ranges with those that touch or coincide joined. */
export function joinRanges(ranges: readonly Range[]): Range[] {
  const joined: Range[] = [];
  for (const range of ranges) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else joined.push(range);
  }
  return joined;
}

/** Takes the ascending, disjoint `removals` and everything before `bodyStart` out of `source`. */
export function takeOut(source: string, bodyStart: number, removals: readonly Range[]): MarkFreeText {
  const parts: string[] = [];
  // Per removal: its source start, how much has been taken out once it is gone, and its place in the result.
  const starts: number[] = [];
  const takenOut: number[] = [];
  const places: number[] = [];
  let at = bodyStart;
  let taken = bodyStart;
  for (const removal of removals) {
    parts.push(withSameLengthLineFeeds(source.slice(at, removal.start)));
    starts.push(removal.start);
    places.push(removal.start - taken);
    taken += removal.end - removal.start;
    takenOut.push(taken);
    at = removal.end;
  }
  parts.push(withSameLengthLineFeeds(source.slice(at)));
  return {
    text: parts.join(''),
    fromSource(offset) {
      const index = lastAtMost(starts, offset);
      if (index < 0) return Math.max(0, offset - bodyStart);
      return Math.max(offset - takenOut[index]!, places[index]!);
    },
    toSource(offset, side) {
      const index = lastAtMost(places, side === 'after' ? offset : offset - 1);
      return offset + (index < 0 ? bodyStart : takenOut[index]!);
    },
  };
}

/** Done part by part: a CR before what is taken out and an LF after it are two line ends. */
function withSameLengthLineFeeds(text: string): string {
  return text.replace(/\r\n/g, ' \n').replace(/\r/g, '\n');
}

/** A line end, or the end of the text. */
const END = '[ \\t]*(?:\\r\\n?|\\n|$(?![\\s\\S]))';

/** How front matter opens, and the line that closes it. */
const FRONT_MATTER: readonly (readonly [opening: RegExp, closing: RegExp])[] = [
  // YAML. With a blank line below it is a thematic break, as Pandoc has it.
  [/^---[ \t]*(?:\r\n?|\n)(?![ \t]*(?:[\r\n]|$))/, new RegExp(`^(?:---|\\.\\.\\.)${END}`, 'gm')],
  // TOML, as Hugo has it.
  [/^\+\+\+[ \t]*(?:\r\n?|\n)/, new RegExp(`^\\+\\+\\+${END}`, 'gm')],
];

/** Where the body begins: after a byte order mark and front matter, which the first line opens and another closes. */
export function bodyStartOf(source: string): number {
  const start = source.startsWith('\uFEFF') ? 1 : 0;
  const head = source.slice(start, start + 1000);
  for (const [opening, closing] of FRONT_MATTER) {
    const opened = opening.exec(head);
    if (!opened) continue;
    closing.lastIndex = start + opened[0].length;
    const closed = closing.exec(source);
    return closed ? closed.index + closed[0].length : start;
  }
  return start;
}
