/** A document and its marks, read once for a command, and whether an edit would be good for it. */
import * as l10n from '@vscode/l10n';
import { applyEdits } from '../document/edits.js';
import { lineAt, lineEndOffset, prevailingLineEnd } from '../document/lines.js';
import { analyzeDocument, analyzeReading, type AnalyzedDocument } from '../document/parse.js';
import { readMarks, type Reading } from '../document/reading.js';
import type { Mask, Range } from '../document/index.js';
import { refused, type MarkingRefusal } from './types.js';
import type { TextEdit } from '../document/index.js';

export interface Manuscript extends AnalyzedDocument {
  readonly reading: Reading;
  readonly lineEnd: string;
}

export function readManuscript(source: string): Manuscript {
  const reading = readMarks(source);
  return { reading, lineEnd: prevailingLineEnd(source), ...analyzeReading(reading) };
}

/** A mask that shall be made: the edits that put it in, the first with its opener or, of a slot, all of it. */
export interface MaskDraft {
  readonly edits: readonly TextEdit[];
  readonly kind: Mask['kind'];
}

/**
 * Whether `drafts` (ascending) make just those masks: the others stay what they are, no error is new, and no inline
 * mark begins a line that other Markdown viewers would then show as raw HTML.
 */
export function isSound(manuscript: Manuscript, drafts: readonly MaskDraft[]): boolean {
  const { source } = manuscript.reading;
  const after = analyzeDocument(applyEdits(source, editsOf(drafts)));
  const made = new Set(madeOf(after, drafts));
  const others = after.document.masks.filter((mask) => !made.has(mask));
  const { masks } = manuscript.document;
  return (
    after.problems.length === manuscript.problems.length &&
    made.size === drafts.length &&
    !made.has(undefined) &&
    others.length === masks.length &&
    others.every(({ kind, form }, index) => kind === masks[index]!.kind && form === masks[index]!.form) &&
    lineStartWarnings(after) <= lineStartWarnings(manuscript)
  );
}

export function editsOf(drafts: readonly MaskDraft[]): TextEdit[] {
  return drafts.flatMap(({ edits }) => edits);
}

/** What follows the alt text of an image slot without options. */
export const SLOT = '](mask:)';

/** For each of `drafts`, the mask that it has become in the edited document `after`. */
export function madeOf(
  { document: { masks: all, layout } }: AnalyzedDocument,
  drafts: readonly MaskDraft[],
): (Mask | undefined)[] {
  const masks = new Map(all.map((mask) => [mask.range.start, mask]));
  let shift = 0;
  return drafts.map(({ edits, kind }) => {
    const [{ range, text }] = edits as readonly [TextEdit, ...TextEdit[]];
    const at = text.includes(SLOT) ? text.lastIndexOf(SLOT) + ']('.length : text.indexOf('<!--');
    const mask = masks.get(range.start + shift + at);
    let end = 0;
    for (const edit of edits) {
      shift += edit.text.length - (edit.range.end - edit.range.start);
      end = edit.range.end + shift;
    }
    // A closer of the author's that lacked its opener may close it before its own does, or behind it.
    const content = mask && layout.spans.get(mask.id)?.content;
    const isWhole = edits.length === 1 || (content && content.end < end && end <= mask.range.end);
    return isWhole && mask?.kind === kind ? mask : undefined;
  });
}

function lineStartWarnings({ document }: AnalyzedDocument): number {
  return document.warnings.filter(({ code }) => code === 'inline-mark-begins-line').length;
}

/** `offset`, or the place before a CRLF that it would cut in two. */
export function outsideLineEnd(source: string, offset: number): number {
  return source[offset - 1] === '\r' && source[offset] === '\n' ? offset - 1 : offset;
}

/** Whether `offset` is at the end of front matter that has no line end, on its last line. */
export function endsFrontMatter({ source, bodyStart }: Reading, offset: number): boolean {
  return offset === bodyStart && /[^\r\n\uFEFF]/.test(source[offset - 1] ?? '\n');
}

/** The masked span that shares text with `range`, or has a caret within it. Slots are none: they may be in a span. */
export function spanAround({ reading, document }: Manuscript, range: Range): Mask | undefined {
  const around = document.masks.find(
    ({ form, range: { start, end } }) =>
      form !== 'slot' &&
      (range.start === range.end
        ? start < range.start && range.start < end
        : start < range.end && range.start < end),
  );
  if (!around || range.start < range.end) return around;
  // Behind an own-line closer, up to the end of its line, a caret is outside.
  return besideMarks(reading, range.start) ? undefined : around;
}

/** A place beside the own-line marks of a line. */
export interface BesideMarks {
  readonly side: 'before' | 'behind';
  /** Where they begin, or their line ends. */
  readonly offset: number;
  /** What stands before them on their line. */
  readonly prefix: string;
}

/** Where a caret stands that is before an own-line opener or behind an own-line closer. */
export function besideMarks(reading: Reading, caret: number): BesideMarks | undefined {
  const lineStart = lineStartOf(reading, caret);
  const lineEnd = lineTextEndOf(reading, caret);
  const marks = reading.marks.flatMap(({ mark, position }) =>
    position.kind === 'line' && lineStart <= mark.start && mark.start < lineEnd ? mark : [],
  );
  const [first] = marks;
  const last = marks.at(-1);
  if (!first || !last) return undefined;
  const prefix = reading.source.slice(lineStart, first.start);
  if (caret <= first.start && first.kind !== 'close') return { side: 'before', offset: first.start, prefix };
  return caret >= last.end && last.kind !== 'open' ? { side: 'behind', offset: lineEnd, prefix } : undefined;
}

/**
 * The source offset at which to insert, for a caret at `offset` of the mark-free document: at the caret itself if that
 * is the same place, else before the marks that were taken out there.
 */
export function placeFor({ document, marks }: Reading, offset: number, caret: number): number {
  const { free } = document;
  const isOutside = marks.every(({ mark }) => caret <= mark.start || mark.end <= caret);
  return isOutside && free.fromSource(caret) === offset ? caret : free.toSource(offset, 'before');
}

export function refuseNesting({ line }: Mask): MarkingRefusal {
  return refused(l10n.t('Masks do not nest: unmask the one that begins on line {0} first.', line));
}

/** Why nothing that was tried is sound. */
export function refuseUnsound({ problems }: Manuscript, otherwise = ''): MarkingRefusal {
  const [first] = problems;
  if (!first) return refused(otherwise);
  return refused(
    l10n.t(
      'Mend the mark on line {0} first: it is not well-formed, and a further mark would not be either.',
      first.line,
    ),
  );
}

/** Offsets of the mark-free document for those of the source. */
export function toFree({ document }: Reading, { start, end }: Range): Range {
  return { start: document.free.fromSource(start), end: document.free.fromSource(end) };
}

/** The tightest source range for one of the mark-free document. */
export function toSource({ document }: Reading, { start, end }: Range): Range {
  const { free } = document;
  return start === end
    ? { start: free.toSource(start, 'before'), end: free.toSource(start, 'before') }
    : { start: free.toSource(start, 'after'), end: free.toSource(end, 'before') };
}

/** Start of the source line that holds `offset`; front matter and byte order mark are cut off. */
export function lineStartOf({ lines, bodyStart }: Reading, offset: number): number {
  return Math.max(lines.starts[lineAt(lines, offset)]!, bodyStart);
}

/**
 * For a line that is put behind the one that holds `offset`: the line end that follows, so that taking the new line out
 * leaves no other behind.
 */
export function lineEndAt({ reading, lineEnd }: Manuscript, offset: number): string {
  const { lines, source } = reading;
  const line = lineAt(lines, offset);
  return source.slice(lines.textEnds[line], lineEndOffset(lines, line)) || lineEnd;
}

export function lineTextEndOf({ lines }: Reading, offset: number): number {
  return lines.textEnds[lineAt(lines, offset)]!;
}
