/** Empty masks: write something here. */
import * as l10n from '@vscode/l10n';
import type { Leaf } from '../document/blocks.js';
import { insertion } from '../document/edits.js';
import type { InlineNode } from '../document/inline-nodes.js';
import { lineAt } from '../document/lines.js';
import { isEscaped } from '../document/mark-scan.js';
import type { Region } from '../document/regions.js';
import { isUnspaced, touchedAt, unitAfter, unitBefore } from '../document/spacing.js';
import { blockStretches, leavesIn } from './block-span.js';
import { beforeHardBreak, beginsLine, endOfLineBefore, keepsEmphasis, textAround } from './inline-span.js';
import {
  besideMarks,
  endsFrontMatter,
  lineEndAt,
  lineStartOf,
  lineTextEndOf,
  placeFor,
  refuseUnsound,
  type BesideMarks,
  type Manuscript,
  type MaskDraft,
} from './manuscript.js';
import type { MaskWays } from './mask-each.js';
import { refused, type MarkingRefusal } from './types.js';

const EMPTY = '<!--mask/-->';
/** Keeps a space between what it becomes and what it touches. */
const EMPTY_WITH_SPACE = '<!--mask--> <!--/mask-->';

/** An empty mask at `offset` of the source: inline in a line of text, own-line elsewhere. */
export function emptyMaskAt(manuscript: Manuscript, offset: number): MaskWays {
  const { reading } = manuscript;
  const free = reading.document.free.fromSource(offset);
  const leaf = leavesIn(manuscript, { start: free, end: free })[0];
  const beside = besideMarks(reading, offset);
  const drafts = beside
    ? [besideOthers(manuscript, beside)]
    : leaf
      ? draftsIn(manuscript, leaf, free, offset)
      : onBlankLine(manuscript, offset);
  if (!drafts) return refuseInLiteral();
  return {
    ok: true,
    ways: drafts.map((draft) => [draft]),
    otherwise: refuseUnsound(
      manuscript,
      isEmptyItem(manuscript, offset)
        ? l10n.t('There is no text in this list item yet; write a word first, and put the cursor behind it.')
        : l10n.t(
            'No mask can begin here; put the cursor behind a word, or on a blank line between paragraphs.',
          ),
    ),
  };
}

export function refuseInLiteral(): MarkingRefusal {
  return refused(
    l10n.t(
      'Marks inside code, HTML and link definitions are plain text; put the cursor outside, or select the whole block.',
    ),
  );
}

/** On a line of its own before or behind own-line marks. */
function besideOthers(manuscript: Manuscript, { side, offset, prefix }: BesideMarks): MaskDraft {
  const text =
    side === 'before'
      ? `${EMPTY}${manuscript.lineEnd}${prefix}`
      : `${lineEndAt(manuscript, offset)}${prefix}${EMPTY}`;
  return { edits: [insertion(offset, text)], kind: 'text' };
}

function draftsIn(
  manuscript: Manuscript,
  leaf: Leaf,
  offset: number,
  caret: number,
): MaskDraft[] | undefined {
  const { regions, lines } = manuscript.reading.document;
  if (leaf.kind === 'table') {
    const cells = regions.cellsOf(leaf, lineAt(lines, offset));
    const cell = cells.find(({ start, end }) => start <= offset && offset <= end);
    return lineAt(lines, offset) === leaf.startLine + 1 || !cell
      ? []
      : inlineDrafts(manuscript, cell, offset, caret);
  }
  if (leaf.kind === 'thematic-break') return [];
  if (leaf.kind !== 'paragraph' && leaf.kind !== 'heading') return undefined;
  return inlineDrafts(manuscript, regions.regionOf(leaf), offset, caret);
}

function inlineDrafts(manuscript: Manuscript, region: Region, offset: number, caret: number): MaskDraft[] {
  const { text } = manuscript.reading.document.free;
  const whole = textAround(region, { start: offset, end: offset }, text);
  // Behind the text too, as long as there are only spaces between.
  const isBehind =
    offset > whole.end && offset <= region.end && /^[ \t]*$/.test(text.slice(whole.end, offset));
  const clipped = Math.min(Math.max(offset, whole.start), isBehind ? offset : whole.end);
  const place = whole.start === whole.end ? offset : outsideConstructs(region, clipped, text);
  if (beginsLine(region, place)) {
    const index = region.leaf.lineStarts.indexOf(place);
    const before = index === 0 || region.form === 'cell' ? undefined : endOfLineBefore(region, index, text);
    if (before !== undefined) return [emptyInline(manuscript, region, before, caret)];
    return index > 0 ? [] : emptyBlocksBefore(manuscript, region.leaf);
  }
  // A text that is a label too may not be masked: then the mask comes behind the link or image.
  const around = region.nodes.filter(({ start, end }) => start < place && place < end);
  return [place, ...around.map(({ end }) => end).reverse()]
    .filter((at) => mayTakeWords(region, at, text))
    .map((at) => emptyInline(manuscript, region, at, caret));
}

/** Whether words at `offset` leave all emphasis what it is. */
function mayTakeWords(region: Region, offset: number, text: string): boolean {
  const { before, after } = touchedAt(region.nodes, text, offset);
  return keepsEmphasis(region, offset, `${before ? ' ' : ''}a${after ? ' ' : ''}`, text);
}

/** Before a block: on a line of its own. */
function emptyBlocksBefore(manuscript: Manuscript, leaf: Leaf): MaskDraft[] {
  return blockStretches(manuscript, leaf, leaf).map(({ range, prefix }) => ({
    edits: [insertion(range.start, `${EMPTY}${manuscript.lineEnd}${prefix}`)],
    kind: 'text',
  }));
}

/** The place from `offset` on at which nothing is cut in two: no word, no code, no delimiter; but before a hard break. */
export function outsideConstructs(region: Region, offset: number, text: string): number {
  let at = offset;
  for (let isStable = false; !isStable;) {
    isStable = true;
    for (const [index, { start, end, inner, kind }] of region.nodes.entries()) {
      const isText = kind === 'emphasis' || kind === 'link' || kind === 'image';
      const half = region.nodes[index - 1];
      if (half && isStrong(half, region.nodes[index]!, text) && (at === start || at === end)) {
        at = at === start ? inner.start : half.end;
        isStable = false;
      }
      if (at <= start || at >= end || (isText && inner.start <= at && at <= inner.end)) continue;
      // Within the delimiter before the text, or past the text.
      at = isText && at < inner.start ? inner.start : end;
      isStable = false;
    }
    while (isWithinWord(text, at) || (isEscaped(text, at, region.start) && /\S/.test(text[at] ?? ' '))) {
      at++;
      isStable = false;
    }
  }
  return beforeHardBreak(region, at, text);
}

/** Whether `inner` is in `outer` alone and of the same character: the two are one in `**strong**`. */
function isStrong(outer: InlineNode, inner: InlineNode, text: string): boolean {
  return (
    outer.kind === 'emphasis' &&
    outer.inner.start === inner.start &&
    outer.inner.end === inner.end &&
    text[outer.start] === text[inner.start]
  );
}

const WITHIN_WORD = /(?<=[\p{L}\p{M}\p{N}]['’_]{0,2})(?=['’_]{0,2}[\p{L}\p{M}\p{N}])/uy;

/** Apostrophes and underscores are parts of a word when letters are on both sides of them; else they are delimiters. */
function isWithinWord(text: string, offset: number): boolean {
  const before = unitBefore(text, offset);
  if (/^[\uDC00-\uDFFF]/.test(text.slice(offset, offset + 1)) && before.length === 1) {
    return /[\uD800-\uDBFF]/.test(before);
  }
  WITHIN_WORD.lastIndex = offset;
  return WITHIN_WORD.test(text) && !(isUnspaced(before) && isUnspaced(unitAfter(text, offset)));
}

/** An empty inline mask at an offset of a region, apart from the words it touches. */
export function emptyInline(
  { reading }: Manuscript,
  { nodes }: Region,
  offset: number,
  caret: number,
): MaskDraft {
  const place = placeFor(reading, offset, caret);
  const { before, after } = touchedAt(nodes, reading.document.free.text, offset);
  const touches = before || after || reading.source.endsWith('-->', place);
  return { edits: [insertion(place, touches ? EMPTY_WITH_SPACE : EMPTY)], kind: 'text' };
}

/** On a line of its own above the blank line that holds `offset`. */
function onBlankLine(manuscript: Manuscript, offset: number): MaskDraft[] {
  const { reading, lineEnd } = manuscript;
  const start = lineStartOf(reading, offset);
  if (endsFrontMatter(reading, start))
    return [{ edits: [insertion(start, `${lineEnd}${EMPTY}`)], kind: 'text' }];
  // A CR before an LF would be one line end with it.
  const end = lineEnd === '\r' && reading.source[start] === '\n' ? '\n' : lineEnd;
  return blankLinePrefixes(manuscript, offset).map((prefix) => ({
    edits: [insertion(start, `${prefix}${EMPTY}${end}`)],
    kind: 'text',
  }));
}

/** What may stand before a mark on a line like the blank one that holds `offset`: what this line has, or nothing. */
export function blankLinePrefixes({ reading }: Manuscript, offset: number): string[] {
  const line = reading.source.slice(lineStartOf(reading, offset), lineTextEndOf(reading, offset));
  if (!/^[ \t>]*$/.test(line)) return [];
  if (line.includes('>')) return [line.endsWith('>') ? `${line} ` : line];
  return line === '' ? [''] : [line, ''];
}

const EMPTY_ITEM = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])(?:[ \t][ \t>]*|$))+$/;

/** Whether there is nothing but the marker of a list item on the line that holds `offset`. */
export function isEmptyItem({ reading }: Manuscript, offset: number): boolean {
  return EMPTY_ITEM.test(reading.source.slice(lineStartOf(reading, offset), lineTextEndOf(reading, offset)));
}
