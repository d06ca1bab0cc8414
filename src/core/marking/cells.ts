/** Masks in the cells of a table: one in each cell that is selected, since none may cross a cell's edge. */
import type { Leaf } from '../document/blocks.js';
import type { Range } from '../document/index.js';
import { lineAt } from '../document/lines.js';
import type { Region } from '../document/regions.js';
import { emptyInline } from './empty-mask.js';
import { contains, inlineMask, rangesWithin, textOf, trim } from './inline-span.js';
import type { Manuscript, MaskDraft } from './manuscript.js';

/** The cells with text in `range` (of the mark-free document) and the blank ones that lie in it, in document order. */
export function cellsIn({ reading }: Manuscript, table: Leaf, range: Range): Region[] {
  const { lines, regions, free } = reading.document;
  const cells: Region[] = [];
  const from = Math.max(table.startLine, lineAt(lines, range.start));
  const to = Math.min(table.endLine - 1, lineAt(lines, range.end));
  for (let line = from; line <= to; line++) {
    if (line === table.startLine + 1) continue;
    for (const cell of regions.cellsOf(table, line)) {
      const text = textOf(cell, free.text);
      const isBlank = text.start === text.end;
      const isMeant = isBlank ? contains(range, cell) : text.start < range.end && range.start < text.end;
      if (isMeant) cells.push(cell);
    }
  }
  return cells;
}

/** Whether all of `table` is in `range`. */
export function isWholeTable({ reading }: Manuscript, table: Leaf, range: Range): boolean {
  const { text } = reading.document.free;
  return contains(range, trim({ start: table.lineStarts[0]!, end: table.lineEnds.at(-1)! }, text));
}

/** Ways to mask the cells in `range`, the best first; none when a cell cannot be masked. */
export function* cellDrafts(
  manuscript: Manuscript,
  table: Leaf,
  range: Range,
): Generator<readonly MaskDraft[]> {
  const { text } = manuscript.reading.document.free;
  const choices = cellsIn(manuscript, table, range).map((cell) => {
    const { start, end } = textOf(cell, text);
    // In the middle of the white space of a blank cell.
    if (start === end) return [emptyInline(manuscript, cell, (cell.start + cell.end) >> 1, -1)];
    return rangesWithin(cell, range, text).map((found) => inlineMask(manuscript, found));
  });
  if (choices.length === 0 || choices.some(({ length }) => length === 0)) return;
  const longest = Math.max(...choices.map(({ length }) => length));
  for (let choice = 0; choice < longest; choice++) {
    yield choices.map((drafts) => drafts[Math.min(choice, drafts.length - 1)]!);
  }
}
