/**
 * Stretches of a Markdown text that its rendering must show as something of their own: a hole to be filled, or a change
 * to be reviewed. markdown-it keeps no inline offsets, so private-use characters, which mean nothing to Markdown,
 * travel through the parser and are turned into elements afterwards.
 */
import type { Pieces } from '../../protocol/preview-messages.js';
import { lastAtMost } from '../document/lines.js';
import type { Range } from '../document/types.js';

interface StretchBase {
  readonly id: string;
  readonly range: Range;
}

/** `block`: whole lines; `inline`: within a line; `destination`: where an image leads, and nothing else. */
export type StretchForm = 'block' | 'inline' | 'destination';

export type Stretch =
  /** An empty element stands for it: `data-hole`. */
  | (StretchBase & { readonly kind: 'hole'; readonly form: StretchForm })
  /** It is rendered like everything else and marked with `data-change`; `pieces`, if given, instead of what is there. */
  | (StretchBase & { readonly kind: 'change'; readonly form: StretchForm; readonly pieces?: Pieces });

/** Characters of the private use area; `neutralize` takes them out of foreign text. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const HOLE = '\uE002';
const PICTURE = '\uE003';
/** An id is spelled with these: its ASCII characters, shifted. */
const SPELL_FIRST = 0xe100;

const ours = /[\uE000-\uE003\uE100-\uE17F]/g;
const encodedOurs = /%EE%8(?:0%8[0-3]|[45]%[89AB][0-9A-F])/gi;
/** One sentinel with the id after it. */
export const SENTINEL = /([\uE000-\uE003])([\uE100-\uE17F]*)/g;

export type SentinelKind = 'open' | 'close' | 'hole' | 'picture';

export function sentinelKind(character: string): SentinelKind {
  if (character === OPEN) return 'open';
  if (character === CLOSE) return 'close';
  return character === HOLE ? 'hole' : 'picture';
}

/** Takes the characters with a meaning here out of foreign text; lengths stay. */
export function neutralize(source: string): string {
  return source.replaceAll(ours, '\uFFFD').replaceAll(encodedOurs, '%EF%BF%BD');
}

/** Takes the sentinels that have become no element out of rendered HTML. */
export function withoutSentinels(html: string): string {
  return html.replaceAll(ours, '').replaceAll(encodedOurs, '');
}

function spell(id: string): string {
  return Array.from(id, (character) =>
    String.fromCharCode(SPELL_FIRST + (character.charCodeAt(0) & 0x7f)),
  ).join('');
}

/** The id of the first inline change, or of the first hole, in a text with sentinels. */
export function firstChange(text: string): string | undefined {
  const match = /\uE000([\uE100-\uE17F]*)/.exec(text);
  return match ? readSpelling(match[1]!) : undefined;
}
export function firstHole(text: string): string | undefined {
  const match = /\uE002([\uE100-\uE17F]+)/.exec(text);
  return match ? readSpelling(match[1]!) : undefined;
}

/** The text as it is without its inline changes being marked. */
export function withoutChanges(text: string): string {
  return text.replaceAll(/\uE000[\uE100-\uE17F]*|\uE001/g, '');
}

export function readSpelling(spelled: string): string {
  return Array.from(spelled, (character) => String.fromCharCode(character.charCodeAt(0) - SPELL_FIRST)).join(
    '',
  );
}

/** The sentinel that a destination, as the parser normalised it, consists of. */
export function sentinelOfDestination(destination: string): { kind: SentinelKind; id: string } | undefined {
  if (!destination.startsWith('%EE%80%8')) return undefined;
  const match = /^([\uE002\uE003])([\uE100-\uE17F]*)$/.exec(decodeURIComponent(destination));
  return match ? { kind: sentinelKind(match[1]!), id: readSpelling(match[2]!) } : undefined;
}

/** A text with sentinels in it, and the way from its offsets to those of the source. */
export interface PreparedText {
  readonly text: string;
  /** Whole-line changes, ascending, as ranges of `text`. */
  readonly blockChanges: readonly { readonly id: string; readonly range: Range }[];
  readonly toSource: (offset: number) => number;
}

/**
 * Puts `stretches` into `source`, whose line ends are LF and which has been neutralised. Of those that overlap or lie in
 * each other only the one that begins first is put in, of two that begin together the shorter: none of ours overlap,
 * and a wrong message must not break the page.
 */
export function prepareText(source: string, stretches: readonly Stretch[]): PreparedText {
  const sorted = [...stretches].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  const parts: string[] = [];
  const blockChanges: { id: string; range: Range }[] = [];
  const starts: number[] = [0];
  const shifts: number[] = [0];
  let at = 0;
  let length = 0;
  for (const stretch of sorted) {
    const { start, end } = stretch.range;
    if (start < at || end < start || end > source.length) continue;
    const written = writeStretch(source, stretch);
    length += start - at;
    if (stretch.kind === 'change' && stretch.form === 'block' && written !== '') {
      blockChanges.push({ id: stretch.id, range: { start: length, end: length + written.length } });
    }
    parts.push(source.slice(at, start), written);
    starts.push(length);
    shifts.push(start - length);
    length += written.length;
    starts.push(length);
    shifts.push(end - length);
    at = end;
  }
  parts.push(source.slice(at));
  return {
    text: parts.join(''),
    blockChanges,
    toSource: (offset) => {
      const index = lastAtMost(starts, offset);
      const next = index + 1 < starts.length ? starts[index + 1]! + shifts[index + 1]! : source.length;
      return Math.min(offset + shifts[index]!, next);
    },
  };
}

function writeStretch(source: string, stretch: Stretch): string {
  if (stretch.kind === 'hole') {
    const sentinel = HOLE + spell(stretch.id);
    return stretch.form === 'block' ? ownParagraph(source, stretch.range, sentinel) : sentinel;
  }
  const { pieces, form, range, id } = stretch;
  const text =
    pieces === undefined
      ? source.slice(range.start, range.end)
      : pieces
          .map((piece) => (typeof piece === 'string' ? neutralize(piece) : PICTURE + spell(piece.picture)))
          .join('');
  if (form === 'inline' && text !== '') return OPEN + spell(id) + text + CLOSE;
  // Without anything to show the change would be invisible.
  return text === '' && form !== 'destination' ? writeEmptyChange(source, stretch) : text;
}

function writeEmptyChange(source: string, { id, form, range }: Stretch): string {
  const sentinel = HOLE + spell(id);
  return form === 'block' ? ownParagraph(source, range, sentinel) : sentinel;
}

/** `sentinel` as a paragraph of its own in the place of whole lines, in the containers that these lines are in. */
function ownParagraph(source: string, { start, end }: Range, sentinel: string): string {
  const lineStart = lastLineEnd(source, start);
  const prefix = source.slice(lineStart, start);
  const above = lineStart === 0 ? '' : source.slice(lastLineEnd(source, lineStart - 1), lineStart - 1);
  const continues = /^[ \t>]*$/.test(prefix);
  const begin = continues && lineStart > 0 && !isBlank(above) ? `\n${prefix}` : '';
  const hasLineEnd = end > start && source[end - 1] === '\n';
  if (!hasLineEnd && end < source.length) return begin + sentinel;
  const blankLine = continues ? prefix.trimEnd() : '';
  return `${begin}${sentinel}\n${isBlank(lineFrom(source, end)) ? '' : `${blankLine}\n`}`;
}

const isBlank = (line: string): boolean => /^[ \t>\r]*$/.test(line);

/** Where the line begins that `offset` lies on. */
function lastLineEnd(source: string, offset: number): number {
  return offset === 0 ? 0 : source.lastIndexOf('\n', offset - 1) + 1;
}

function lineFrom(source: string, start: number): string {
  const end = source.indexOf('\n', start);
  return source.slice(start, end < 0 ? source.length : end);
}
