/** Finds everything that is written like a mark; what is one of them, `classify.ts` decides. */
import * as l10n from '@vscode/l10n';
import { lineAt, lineEndOffset, type Lines } from './lines.js';
import type { DocumentErrorCode, Range } from './types.js';

/** One `name=value` of a mark or a slot. */
export interface RawOption {
  readonly name: string;
  readonly value: string;
  /** Where it is reported: its name; of a slot's options, the destination. */
  readonly offset: number;
  /** What it takes up in the source; missing where a destination is not written as it is meant. */
  readonly range?: Range;
}

/** A fault of a mark that counts only if the mark turns out to be one. */
export interface MarkFault {
  readonly code: DocumentErrorCode;
  readonly message: string;
  readonly offset: number;
  /** What it is about, where that is not what begins at `offset`. */
  readonly range?: Range;
}

/** A comment written like a mark. `empty` is `<!--mask/-->`. */
export interface MarkCandidate extends Range {
  readonly kind: 'open' | 'close' | 'empty';
  readonly options: readonly RawOption[];
  readonly fault?: MarkFault;
  /** Alone on its line but for quote markers, spaces, and a closer right after its opener. */
  readonly ownLine: boolean;
  /**
   * Taking it out would join two runs of backticks and so make or break a code span: it stays in the mark-free
   * document, where CommonMark reads it as code or as an HTML comment.
   */
  readonly betweenBackticks: boolean;
}

type Unplaced = Omit<MarkCandidate, 'ownLine' | 'betweenBackticks'>;

// A mark is the word `mask` and then a space, an option, `/` or the end: `<!--mask-foo-->` is somebody else's comment.
const OPENING = /<!--[ \t]*(?:\/[ \t]*)?mask(?=-->|[^\w:-]|$)/gm;
const OPTION = /[ \t]+([^\s="]+)=(?:"([^"]*)"|([\w.+-]+))(?=[ \t]|$)/y;

/** Marks of `source` from `start` on, in order. One that a backslash escapes is text: `\<!--mask-->`. */
export function scanMarks(source: string, start: number, lines: Lines): MarkCandidate[] {
  const found: Unplaced[] = [];
  let nextClose = -1;
  OPENING.lastIndex = start;
  for (let match = OPENING.exec(source); match; match = OPENING.exec(source)) {
    const at = match.index;
    if (isEscaped(source, at, start)) continue;
    const bodyStart = at + '<!--'.length;
    if (nextClose >= 0 && nextClose < bodyStart) nextClose = -1;
    if (nextClose < 0) nextClose = indexOr(source.indexOf('-->', bodyStart), source.length);
    const lineEnd = lines.textEnds[lineAt(lines, at)]!;
    const mark =
      nextClose < lineEnd
        ? readMark(source, at, bodyStart, nextClose)
        : unterminated(at, lineEnd, match[0].includes('/'));
    found.push(mark);
    OPENING.lastIndex = mark.end;
  }
  return placed(source, start, lines, found);
}

function indexOr(index: number, fallback: number): number {
  return index < 0 ? fallback : index;
}

/** Whether an odd number of backslashes stands before `offset`. */
export function isEscaped(source: string, offset: number, start = 0): boolean {
  let backslashes = 0;
  while (offset - backslashes > start && source[offset - backslashes - 1] === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function unterminated(start: number, end: number, closes: boolean): Unplaced {
  const message = l10n.t(
    'This mark is not finished on its line: write `<!--mask-->`, or begin an ordinary comment with another word than “mask”.',
  );
  return {
    kind: closes ? 'close' : 'open',
    start,
    end,
    options: [],
    fault: { code: 'mark-malformed', message, offset: start },
  };
}

function readMark(source: string, start: number, bodyStart: number, bodyEnd: number): Unplaced {
  const end = bodyEnd + '-->'.length;
  const body = source.slice(bodyStart, bodyEnd).trim();
  if (body.startsWith('/')) {
    const plain = /^\/[ \t]*mask$/.test(body);
    const message = l10n.t(
      'A closer takes no options: write `<!--/mask-->` and give the options in the opener.',
    );
    const fault: MarkFault = { code: 'mark-malformed', message, offset: start };
    return { kind: 'close', start, end, options: [], ...(plain ? {} : { fault }) };
  }
  const empty = body.endsWith('/');
  const keywordEnd = source.indexOf('mask', bodyStart) + 'mask'.length;
  const listEnd = empty ? source.lastIndexOf('/', bodyEnd - 1) : bodyEnd;
  return { kind: empty ? 'empty' : 'open', start, end, ...readOptions(source, keywordEnd, listEnd) };
}

function readOptions(source: string, from: number, to: number): { options: RawOption[]; fault?: MarkFault } {
  const options: RawOption[] = [];
  const list = source.slice(from, to).trimEnd();
  let at = 0;
  while (at < list.length) {
    OPTION.lastIndex = at;
    const match = OPTION.exec(list);
    if (!match) {
      const rest = list.slice(at).trim();
      const word = /^\S+/.exec(rest)?.[0] ?? rest;
      const offset = from + list.indexOf(word, at);
      const message = l10n.t(
        '“{0}” is not an option: write options as `name=value` or `name="value"`, each after a space, as in `<!--mask strength=0.6 max=80-->`, or begin an ordinary comment with another word than “mask”.',
        shorten(word),
      );
      return { options, fault: { code: 'option-malformed', message, offset } };
    }
    const [whole, name = '', quoted, bare] = match;
    const offset = from + at + whole.indexOf(name);
    at += whole.length;
    options.push({ name, value: quoted ?? bare ?? '', offset, range: { start: offset, end: from + at } });
  }
  return { options };
}

/** The first 40 units of `text`, for messages. */
export function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function placed(
  source: string,
  bodyStart: number,
  lines: Lines,
  found: readonly Unplaced[],
): MarkCandidate[] {
  const candidates: MarkCandidate[] = [];
  for (let first = 0; first < found.length;) {
    const line = lineAt(lines, found[first]!.start);
    const lineEnd = lineEndOffset(lines, line);
    let next = first;
    while (next < found.length && found[next]!.start < lineEnd) next++;
    const onLine = found.slice(first, next);
    const lineRange = { start: Math.max(lines.starts[line]!, bodyStart), end: lines.textEnds[line]! };
    const ownLine = standsAlone(source, lineRange, onLine);
    const inTicks = joinsBackticks(source, bodyStart, onLine);
    onLine.forEach((mark, index) =>
      candidates.push({ ...mark, ownLine, betweenBackticks: inTicks[index] === true }),
    );
    first = next;
  }
  return candidates;
}

function standsAlone(source: string, line: Range, marks: readonly Unplaced[]): boolean {
  const [first, second] = marks;
  if (!first || marks.length > 2) return false;
  if (second && !(first.kind === 'open' && second.kind === 'close')) return false;
  const last = second ?? first;
  return (
    /^[ \t>]*$/.test(source.slice(line.start, first.start)) &&
    /^[ \t]*$/.test(source.slice(first.end, last.start + (second ? 0 : last.end - last.start))) &&
    /^[ \t]*$/.test(source.slice(last.end, line.end))
  );
}

/** Per mark: whether it belongs to a group of touching marks with a backtick on both sides. */
function joinsBackticks(source: string, bodyStart: number, marks: readonly Unplaced[]): boolean[] {
  const result: boolean[] = [];
  for (let first = 0; first < marks.length;) {
    let next = first + 1;
    while (next < marks.length && marks[next]!.start === marks[next - 1]!.end) next++;
    const { start } = marks[first]!;
    const joins = start > bodyStart && source[start - 1] === '`' && source[marks[next - 1]!.end] === '`';
    for (; first < next; first++) result.push(joins);
  }
  return result;
}
