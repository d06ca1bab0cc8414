/**
 * Regenerate Selected Section: marks for one run, in a copy of the document. They are never shown and never written, so
 * that here an inline mark may begin a line: a list keeps its markers, a table its cells.
 */
import * as l10n from '@vscode/l10n';
import type { Leaf } from '../document/blocks.js';
import { applyEdits, moved } from '../document/edits.js';
import type { Mask, Range } from '../document/index.js';
import { lineAt } from '../document/lines.js';
import { joinRanges } from '../document/mark-free.js';
import { analyzeDocument } from '../document/parse.js';
import type { Region } from '../document/regions.js';
import { leavesIn, ownLineMask, ownStretch } from './block-span.js';
import { cellsIn } from './cells.js';
import { contains, inlineMask, intersection, rangesWithin, textOf } from './inline-span.js';
import { outermost, overlapping, refuseTogether } from './mask-each.js';
import {
  editsOf,
  madeOf,
  readManuscript,
  refuseUnsound,
  toFree,
  toSource,
  type Manuscript,
  type MaskDraft,
} from './manuscript.js';
import { hasWords, linesWithoutProse, proseOf } from './prose.js';
import { refused, type MarkingRefusal } from './types.js';
import type { TextEdit } from '../document/index.js';

export interface MarkedCopy {
  readonly ok: true;
  /** The document with the marks of this run. */
  readonly source: string;
  /** What was put in, ascending, by offsets of the copy. */
  readonly inserted: readonly Range[];
  /** The masks of the copy that the run is about. */
  readonly maskIds: readonly string[];
}

/**
 * Marks what `ranges` of `source` hold: paragraphs, the text of list items, and cells with words, each a mask of its
 * own. Headings, code, HTML and pictures stay, and so do the lines that `linesWithoutProse` finds, and a text of nothing
 * but code, HTML, addresses, formulas and pictures; marks that are there already are used as they are. A heading or the
 * head of a table is masked when nothing else is in its range.
 */
export function maskForRun(source: string, ranges: readonly Range[]): MarkedCopy | MarkingRefusal {
  const manuscript = readManuscript(source);
  if (manuscript.problems.length > 0) return refuseUnsound(manuscript);
  const apart = joinRanges([...ranges].sort((a, b) => a.start - b.start));
  const without = linesWithoutProse(manuscript.reading.document);
  let wanted = apart.flatMap((range) => choicesIn(manuscript, range, without));
  for (;;) {
    wanted = outermost(wanted, ([draft]) => draft!);
    const drafts = wanted.map(([draft]) => draft!);
    const clash = overlapping(drafts);
    if (clash) return refuseTogether(manuscript, clash);
    const edits = editsOf(drafts);
    const copy = applyEdits(source, edits);
    const after = analyzeDocument(copy);
    const made = madeOf(after, drafts);
    const isWhole =
      after.problems.length === 0 &&
      made.every((mask) => mask !== undefined) &&
      after.document.masks.length === manuscript.document.masks.length + drafts.length;
    if (isWhole) {
      const scopes = apart.map(({ start, end }) => ({
        start: movedBefore(start, edits),
        end: moved(end, edits),
      }));
      const maskIds = after.document.masks.filter((mask) => touches(scopes, mask)).map(({ id }) => id);
      if (maskIds.length === 0) return refused(nothingToDo());
      return { ok: true, source: copy, inserted: insertedRanges(edits), maskIds };
    }
    // Where a mask is not as it should be, the next way to make it is tried; of none left, the text stays.
    const failed = made.findIndex((mask) => mask === undefined);
    if (failed < 0 && wanted.length === 0) return refuseUnsound(manuscript, nothingToDo());
    wanted = wanted
      .map((choices, index) => (failed < 0 || made[index] === undefined ? choices.slice(1) : choices))
      .filter(({ length }) => length > 0);
  }
}

function touches(scopes: readonly Range[], { range }: Mask): boolean {
  return scopes.some((scope) => overlaps(range, scope));
}

/** Where `offset` is after `edits`, before what is put in right there. */
function movedBefore(offset: number, edits: readonly TextEdit[]): number {
  return moved(
    offset,
    edits.filter(({ range }) => range.start < offset),
  );
}

function insertedRanges(edits: readonly TextEdit[]): Range[] {
  let shift = 0;
  return edits.map(({ range, text }) => {
    const start = range.start + shift;
    shift += text.length;
    return { start, end: start + text.length };
  });
}

function nothingToDo(): string {
  return l10n.t('There is no text and no image slot here to regenerate.');
}

/** For each stretch of text that shall be masked, the ways to do it. */
function choicesIn(manuscript: Manuscript, range: Range, without: ReadonlySet<number>): MaskDraft[][] {
  const free = toFree(manuscript.reading, range);
  const leaves = leavesIn(manuscript, free);
  const choices = leaves.flatMap((leaf) => {
    if (leaf.kind === 'paragraph') return paragraphChoices(manuscript, leaf, free, without);
    return leaf.kind === 'table' ? cellChoices(manuscript, leaf, free, false) : [];
  });
  const found = choices.filter(({ length }) => length > 0);
  const [only] = leaves;
  if (found.length > 0 || !only || leaves.length > 1) return found;
  const alone =
    only.kind === 'heading'
      ? [inlineChoices(manuscript, manuscript.reading.document.regions.regionOf(only), free)]
      : only.kind === 'table'
        ? cellChoices(manuscript, only, free, true)
        : [];
  return alone.filter(({ length }) => length > 0);
}

function paragraphChoices(
  manuscript: Manuscript,
  leaf: Leaf,
  range: Range,
  without: ReadonlySet<number>,
): MaskDraft[][] {
  const { regions, free } = manuscript.reading.document;
  const region = regions.regionOf(leaf);
  const text = textOf(region, free.text);
  const stretches = proseOf(leaf, text, without);
  const isAll = stretches[0]?.start === leaf.lineStarts[0] && stretches[0]?.end === text.end;
  const own = isAll && contains(range, text) ? ownStretch(manuscript, leaf) : undefined;
  return stretches.map((stretch) => {
    const inline = inlineChoices(manuscript, region, range, stretch);
    return own && inline.length > 0 ? [ownLineMask(manuscript, own), ...inline] : inline;
  });
}

function cellChoices(manuscript: Manuscript, table: Leaf, range: Range, withHead: boolean): MaskDraft[][] {
  const { lines } = manuscript.reading.document;
  return cellsIn(manuscript, table, range)
    .filter(({ start }) => withHead || lineAt(lines, start) > table.startLine)
    .map((cell) => inlineChoices(manuscript, cell, range));
}

/** Inline masks for the words of a region in `range`; none where there are no words, or where a mask is already. */
function inlineChoices(
  manuscript: Manuscript,
  region: Region,
  range: Range,
  within: Range = region,
): MaskDraft[] {
  const { reading, document } = manuscript;
  const { text } = reading.document.free;
  const wanted = intersection(within, range);
  const found = wanted ? rangesWithin(region, wanted, text, true) : [];
  return found
    .filter((place) => contains(within, place) && hasWords(region, place, text))
    .filter((place) => {
      const { start, end } = toSource(reading, place);
      return !document.masks.some(
        ({ form, range: mask }) => form !== 'slot' && overlaps(mask, { start, end }),
      );
    })
    .map((place) => inlineMask(manuscript, place));
}

function overlaps(a: Range, b: Range): boolean {
  return a.start < b.end && b.start < a.end;
}
