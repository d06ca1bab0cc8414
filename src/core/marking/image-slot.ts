/** Insert Image Slot: `![what to draw](mask:)`. */
import * as l10n from '@vscode/l10n';
import { containersOf, type Leaf } from '../document/blocks.js';
import { canonicalPrefix } from '../document/containers.js';
import { insertion } from '../document/edits.js';
import type { Range } from '../document/index.js';
import { lineAt, lineEndOffset } from '../document/lines.js';
import type { Reading } from '../document/reading.js';
import type { Region } from '../document/regions.js';
import { touchedAt } from '../document/spacing.js';
import { leavesIn, ownStretch } from './block-span.js';
import { blankLinePrefixes, isEmptyItem, outsideConstructs } from './empty-mask.js';
import { keepsEmphasis, textOf, titleOf } from './inline-span.js';
import {
  besideMarks,
  endsFrontMatter,
  isSound,
  lineStartOf,
  lineTextEndOf,
  outsideLineEnd,
  placeFor,
  readManuscript,
  refuseUnsound,
  SLOT,
  type BesideMarks,
  type Manuscript,
  type MaskDraft,
} from './manuscript.js';
import { refused, type MarkingResult } from './types.js';

/**
 * Puts an image slot at an offset of `source`, as a block of its own: on a blank line, before a block or behind it. With
 * the cursor between words it stands among them. The alt text is selected.
 */
export function insertImageSlot(source: string, at: number, alt: string): MarkingResult {
  const offset = outsideLineEnd(source, at);
  const manuscript = readManuscript(source);
  const { reading } = manuscript;
  if (offset < reading.bodyStart)
    return refused(l10n.t('Front matter can hold no picture; put the cursor below it.'));
  const free = reading.document.free.fromSource(offset);
  const leaf = leavesIn(manuscript, { start: free, end: free })[0];
  const slot = `![${escapeAlt(alt)}${SLOT}`;
  const beside = besideMarks(reading, offset);
  const drafts = beside
    ? [besideOthers(manuscript, beside, slot)]
    : leaf
      ? draftsIn(manuscript, leaf, { free, caret: offset }, slot)
      : onBlankLine(manuscript, offset, slot);
  if (!drafts) {
    return refused(
      l10n.t('Code, HTML and link definitions can hold no picture; put the cursor at the end of the block.'),
    );
  }
  const sound = [...drafts, ...behindMarks(manuscript, offset, slot)].find((made) =>
    isSound(manuscript, [made]),
  );
  if (!sound)
    return refuseUnsound(
      manuscript,
      l10n.t('No picture can stand here; put the cursor on a blank line between paragraphs.'),
    );
  const { range, text } = sound.edits[0]!;
  const start = range.start + text.lastIndexOf(slot) + '!['.length;
  return {
    ok: true,
    edits: sound.edits,
    selections: [{ start, end: start + slot.length - '!['.length - SLOT.length }],
  };
}

/** `alt` on one line, with what would end it or begin a mark escaped. */
export function escapeAlt(alt: string): string {
  return alt
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\\[\]`<|]/g, '\\$&');
}

function draft(offset: number, text: string): MaskDraft {
  return { edits: [insertion(offset, text)], kind: 'image' };
}

/** Where the cursor stands, in the mark-free document and in the source. */
interface Cursor {
  readonly free: number;
  readonly caret: number;
}

function draftsIn(manuscript: Manuscript, leaf: Leaf, cursor: Cursor, slot: string): MaskDraft[] | undefined {
  const { regions, lines, free } = manuscript.reading.document;
  const offset = cursor.free;
  if (leaf.kind === 'table') {
    const line = lineAt(lines, offset);
    const cell = regions.cellsOf(leaf, line).find(({ start, end }) => start <= offset && offset <= end);
    return line === leaf.startLine + 1 || !cell ? [] : amongWords(manuscript, cell, cursor, slot);
  }
  if (leaf.kind !== 'paragraph' && leaf.kind !== 'heading')
    return besideBlock(manuscript, leaf, offset, slot);
  const region = regions.regionOf(leaf);
  const { start, end } = textOf(region, free.text);
  const among = amongWords(manuscript, region, cursor, slot);
  if (offset >= end) return [behind(manuscript, leaf, slot), ...among];
  return offset <= start && !titleOf(leaf, free.text) ? [...before(manuscript, leaf, slot), ...among] : among;
}

/** Before a block that can hold no picture, or behind it; undefined within it. */
function besideBlock(
  manuscript: Manuscript,
  leaf: Leaf,
  offset: number,
  slot: string,
): MaskDraft[] | undefined {
  const { text } = manuscript.reading.document.free;
  const start = leaf.lineStarts[0]!;
  if (offset <= start) return before(manuscript, leaf, slot);
  const end = start + text.slice(start, leaf.lineEnds.at(-1)).trimEnd().length;
  return offset >= end || leaf.kind === 'thematic-break' ? [behind(manuscript, leaf, slot)] : undefined;
}

/** Right there or, where its brackets would undo the emphasis that it stands in, behind that. */
function amongWords({ reading }: Manuscript, region: Region, cursor: Cursor, slot: string): MaskDraft[] {
  const { text } = reading.document.free;
  const { nodes } = region;
  const { start, end }: Range = textOf(region, text);
  const { free, caret } = cursor;
  const place = start === end ? free : outsideConstructs(region, Math.min(Math.max(free, start), end), text);
  const around = nodes.filter((node) => node.start < place && place < node.end);
  return [place, ...around.map((node) => node.end).reverse()].flatMap((offset) => {
    const at = placeFor(reading, offset, caret);
    const { before, after } = touchedAt(nodes, text, offset);
    const isParted = before || reading.source.endsWith('-->', at);
    const inserted = `${isParted ? ' ' : ''}${slot}${after ? ' ' : ''}`;
    return keepsEmphasis(region, offset, inserted, text) ? [draft(at, inserted)] : [];
  });
}

function before(manuscript: Manuscript, leaf: Leaf, slot: string): MaskDraft[] {
  const own = ownStretch(manuscript, leaf);
  if (!own) return [];
  const { lineEnd } = manuscript;
  const { range, prefix } = own;
  return [draft(range.start, `${slot}${lineEnd}${prefix.trimEnd()}${lineEnd}${prefix}`)];
}

function behind(manuscript: Manuscript, leaf: Leaf, slot: string): MaskDraft {
  const { free, lines } = manuscript.reading.document;
  const end = lineTextEndOf(manuscript.reading, free.toSource(lines.textEnds[leaf.endLine - 1]!, 'before'));
  return below(manuscript, end, canonicalPrefix(containersOf(leaf)), slot);
}

/** Behind own-line marks around `offset`: in them there is no room beside a picture that is to be redrawn. */
function behindMarks(manuscript: Manuscript, offset: number, slot: string): MaskDraft[] {
  return [...manuscript.document.layout.spans.values()].flatMap(({ block }) => {
    if (!block || offset < block.lines.start || block.lines.end <= offset) return [];
    return [below(manuscript, block.lines.end - block.finalLineEnd.length, block.prefix, slot)];
  });
}

/** Below the line that ends at `end`, with blank lines around. */
function below({ reading, lineEnd }: Manuscript, end: number, prefix: string, slot: string): MaskDraft {
  const { free, lines } = reading.document;
  const blank = `${lineEnd}${prefix.trimEnd()}`;
  const next = lineEndOffset(reading.lines, lineAt(reading.lines, end));
  const line = lineAt(lines, free.fromSource(next));
  const isFollowed =
    next < reading.source.length && /[^ \t>]/.test(free.text.slice(lines.starts[line], lines.textEnds[line]));
  return draft(end, `${blank}${lineEnd}${prefix}${slot}${isFollowed ? blank : ''}`);
}

/** A block of its own before or behind own-line marks. */
function besideOthers(manuscript: Manuscript, beside: BesideMarks, slot: string): MaskDraft {
  const { reading, lineEnd } = manuscript;
  const { side, offset, prefix } = beside;
  if (side === 'behind') return below(manuscript, offset, prefix, slot);
  const blank = `${lineEnd}${prefix.trimEnd()}`;
  const above = isBlankAbove(reading, lineStartOf(reading, offset)) ? '' : `${lineEnd}${prefix}`;
  return draft(offset, `${above}${slot}${blank}${lineEnd}${prefix}`);
}

function onBlankLine(manuscript: Manuscript, offset: number, slot: string): MaskDraft[] {
  const { reading, lineEnd } = manuscript;
  const start = lineStartOf(reading, offset);
  if (endsFrontMatter(reading, start)) return [draft(start, `${lineEnd}${slot}${lineEnd}`)];
  if (isEmptyItem(manuscript, offset)) {
    const end = lineTextEndOf(reading, offset);
    return [draft(end, /[ \t>]/.test(reading.source[end - 1]!) ? slot : ` ${slot}`)];
  }
  return blankLinePrefixes(manuscript, offset).map((prefix) => {
    const blank = isBlankAbove(reading, start) ? '' : `${prefix.trimEnd()}${lineEnd}`;
    return draft(start, `${blank}${prefix}${slot}${lineEnd}`);
  });
}

/** Whether there is no text on the line before the one that begins at `start`. */
function isBlankAbove(reading: Reading, start: number): boolean {
  if (start <= reading.bodyStart) return true;
  return /^[\s>]*$/.test(reading.source.slice(lineStartOf(reading, start - 1), start));
}
