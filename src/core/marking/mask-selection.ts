/** Mask Selection: puts marks around what an author has selected, or where the cursor stands. */
import * as l10n from '@vscode/l10n';
import type { Leaf } from '../document/blocks.js';
import type { Picture, Range } from '../document/index.js';
import { blockStretches, leavesIn, ownLineMask } from './block-span.js';
import { cellDrafts, cellsIn, isWholeTable } from './cells.js';
import { emptyMaskAt } from './empty-mask.js';
import { contains, inlineMask, isBehindLabel, rangesWithin, textOf, trim } from './inline-span.js';
import {
  editsOf,
  outsideLineEnd,
  readManuscript,
  refuseNesting,
  refuseUnsound,
  spanAround,
  toFree,
  type Manuscript,
  type MaskDraft,
} from './manuscript.js';
import { maskEach, type MaskWays } from './mask-each.js';
import { pictureMask } from './mask-picture.js';
import { whyNever, whyNot } from './refusals.js';
import { refused, type MarkingResult } from './types.js';

/**
 * Masks each of `selections` of `source`, or where one is empty makes an empty mask. Text within one line of text gets
 * inline marks, whole blocks get own-line marks, selected cells a mask each, a picture marks to redraw it. Where marks
 * may not stand right there, the selection grows to the nearest place where they may; where that would take a label or a
 * tag along that others need, it is refused.
 */
export function maskSelection(source: string, selections: readonly Range[]): MarkingResult {
  const manuscript = readManuscript(source);
  return maskEach(manuscript, selections, (selection) => waysToMask(manuscript, selection));
}

function waysToMask(manuscript: Manuscript, selection: Range): MaskWays {
  const { reading, document } = manuscript;
  const { source } = reading;
  if (
    selection.end < reading.bodyStart ||
    (selection.start < reading.bodyStart && selection.start === selection.end)
  ) {
    return refused(l10n.t('Front matter is not text that can be masked; select something below it.'));
  }
  const range = trim({ start: Math.max(selection.start, reading.bodyStart), end: selection.end }, source);
  const around = spanAround(manuscript, range);
  if (around) return refuseNesting(around);
  const picture = document.layout.pictures.find((candidate) => isMeant(candidate, range));
  if (picture) return pictureMask(manuscript, picture);
  if (range.start === range.end) return emptyMaskAt(manuscript, outsideLineEnd(source, range.start));

  const free = toFree(reading, range);
  const never = whyNever(manuscript, free);
  if (never !== undefined) return refuseUnsound(manuscript, never);
  const ways: (readonly MaskDraft[])[] = [];
  for (const drafts of draftsFor(manuscript, free)) {
    const inner = spanAround(manuscript, spanOf(drafts));
    if (inner) return { ok: true, ways, otherwise: refuseNesting(inner) };
    ways.push(drafts);
  }
  return { ok: true, ways, otherwise: refuseUnsound(manuscript, whyNot(manuscript, free)) };
}

/** Whether a picture is meant: the cursor is in it, or all or part of it is selected, not within its alt text. */
function isMeant({ range, outer, alt }: Picture, selected: Range): boolean {
  if (selected.start === selected.end) return range.start < selected.start && selected.start < range.end;
  return (
    contains(outer, selected) &&
    !contains(alt, selected) &&
    selected.start < range.end &&
    range.start < selected.end
  );
}

/** What may be done about a selection (by offsets of the mark-free document), the best first. */
function* draftsFor(manuscript: Manuscript, range: Range): Generator<readonly MaskDraft[]> {
  const leaves = leavesIn(manuscript, range).filter(({ kind }) => kind !== 'definition');
  const [first] = leaves;
  const last = leaves.at(-1);
  if (!first || !last) return;
  const stretches = blockStretches(manuscript, first, last);
  const only = first === last ? first : undefined;
  if (only && isWholeText(manuscript, only, range)) {
    // The whole block, if that takes nothing else along.
    for (const stretch of stretches) {
      if (stretch.first === only && stretch.last === only) yield [ownLineMask(manuscript, stretch)];
    }
  }
  if (only?.kind === 'table' && !isWholeTable(manuscript, only, range)) {
    yield* cellDrafts(manuscript, only, range);
    if (cellsIn(manuscript, only, range).length === 0) return;
  }
  if (only?.kind === 'paragraph' || only?.kind === 'heading') yield* inlineDrafts(manuscript, only, range);
  if (isBehindLabel(first, range, manuscript.reading.document.free.text)) return;
  for (const stretch of stretches) yield [ownLineMask(manuscript, stretch)];
}

/** Whether all text of a paragraph or underlined heading is selected; that of other headings is masked within them. */
function isWholeText({ reading }: Manuscript, leaf: Leaf, range: Range): boolean {
  if (leaf.kind !== 'paragraph' && !leaf.underlined) return false;
  const { document } = reading;
  const region = document.regions.regionOf(leaf);
  const text = textOf(region, document.free.text);
  return text.start === leaf.lineStarts[0] && contains(range, text);
}

function* inlineDrafts(manuscript: Manuscript, leaf: Leaf, range: Range): Generator<readonly MaskDraft[]> {
  const { regions, free } = manuscript.reading.document;
  const region = regions.regionOf(leaf);
  for (const found of rangesWithin(region, range, free.text)) yield [inlineMask(manuscript, found)];
}

function spanOf(drafts: readonly MaskDraft[]): Range {
  const edits = editsOf(drafts);
  return { start: edits[0]!.range.start, end: edits.at(-1)!.range.end };
}
