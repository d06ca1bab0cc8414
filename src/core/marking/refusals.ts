/** Why a selection cannot be masked. Ranges are those of the mark-free document. */
import * as l10n from '@vscode/l10n';
import type { Leaf } from '../document/blocks.js';
import { InlineClassifier } from '../document/classify.js';
import type { Range } from '../document/index.js';
import { lastAtMost, lineAt } from '../document/lines.js';
import { FOOTNOTE_LABEL } from '../document/markdown.js';
import { leavesIn } from './block-span.js';
import { refuseInLiteral } from './empty-mask.js';
import { cutsElement } from './html-elements.js';
import { contains, isBehindLabel, trim } from './inline-span.js';
import type { Manuscript } from './manuscript.js';

/** Why a mask of what `range` selects would take something apart, however it is put; undefined when it would not. */
export function whyNever(manuscript: Manuscript, range: Range): string | undefined {
  const leaves = leavesIn(manuscript, range);
  if (cutsFootnote(manuscript, leaves, range)) {
    return l10n.t(
      'Only the first paragraph of a footnote can be masked, and by itself: Markdown takes its further ones for code, and a mask over several would take its label along.',
    );
  }
  if (leaves.length === 1 && isWithinHtml(manuscript, leaves[0]!, range)) return refuseInLiteral().reason;
  if (leaves.some(({ kind }) => kind === 'html') && cutsHtml(manuscript, leaves)) {
    return l10n.t(
      'This HTML opens or closes an element of which the other tag is not selected; select from the opening to the closing tag.',
    );
  }
  return undefined;
}

/** Why no mask that was tried for `range` may be. */
export function whyNot(manuscript: Manuscript, range: Range): string {
  const { document, leafStarts } = manuscript.reading;
  const { free, lines } = document;
  const [leaf] = leavesIn(manuscript, range);
  if (leaf?.kind === 'definition') {
    return l10n.t('A link reference definition is not text that can be masked.');
  }
  if (leaf?.kind === 'fence' || leaf?.kind === 'html') {
    return l10n.t('This block of code or HTML does not end, so no mark can be put behind it; end it first.');
  }
  if (leaf && isBehindLabel(leaf, range, free.text)) {
    if (leavesIn(manuscript, range).length > 1) {
      return l10n.t(
        'A mask over several paragraphs would take the label of this callout along; select words of one of them, or the label too.',
      );
    }
    return l10n.t(
      'A mask cannot begin with the first word below the label of a callout; select words behind the first, or the label too.',
    );
  }
  const offset = Math.max(range.start, leaf?.lineStarts[0] ?? 0);
  const position = new InlineClassifier(document, leafStarts).classify(offset, lineAt(lines, offset));
  if (position.kind === 'illegal') return position.message;
  return l10n.t('No mask can be put here; select whole paragraphs, or words within one of them.');
}

/** Whether `range` is in a block of HTML, or in a comment within the text of `leaf`, and does not take it in. */
function isWithinHtml({ reading }: Manuscript, leaf: Leaf, range: Range): boolean {
  const { free, regions, lines } = reading.document;
  const [start, end] = extentOf(leaf);
  if (leaf.kind === 'html') return !contains(range, trim({ start, end }, free.text));
  const texts =
    leaf.kind === 'table' ? regions.cellsOf(leaf, lineAt(lines, range.start)) : [regions.regionOf(leaf)];
  return texts
    .flatMap(({ nodes }) => nodes)
    .some(
      (node) =>
        node.kind === 'html' &&
        free.text.startsWith('<!--', node.start) &&
        contains(node, range) &&
        !contains(range, node),
    );
}

/** Whether own-line marks around `leaves` would take one tag of an element along and leave the other. */
function cutsHtml({ reading }: Manuscript, leaves: readonly Leaf[]): boolean {
  const { free, blocks, regions } = reading.document;
  const places = blocks.leaves.flatMap((leaf): Range[] => {
    const [start, end] = extentOf(leaf);
    if (leaf.kind === 'html') return [{ start, end }];
    return leaf.kind === 'paragraph'
      ? regions.regionOf(leaf).nodes.filter(({ kind }) => kind === 'html')
      : [];
  });
  const [start, end] = [extentOf(leaves[0]!)[0], extentOf(leaves.at(-1)!)[1]];
  return cutsElement(free.text, places, { start, end });
}

function extentOf({ lineStarts, lineEnds }: Leaf): [start: number, end: number] {
  return [lineStarts[0]!, lineEnds.at(-1)!];
}

/** Whether own-line marks around `leaves` would take a footnote's label along that is not selected, or leave it alone. */
function cutsFootnote(manuscript: Manuscript, leaves: readonly Leaf[], range: Range): boolean {
  const [first] = leaves;
  const footnote = first && footnoteOf(manuscript, first);
  if (!footnote) return false;
  if (footnote !== first) return true;
  const last = leaves.at(-1)!;
  return last !== first && (range.start > first.lineStarts[0]! || footnoteOf(manuscript, last) === footnote);
}

const FOOTNOTE = new RegExp(`^${FOOTNOTE_LABEL}`);

/** The first paragraph of the footnote that `leaf` is of: what is indented below it is code to Markdown. */
function footnoteOf({ reading }: Manuscript, leaf: Leaf): Leaf | undefined {
  const { blocks, free } = reading.document;
  let index = lastAtMost(reading.leafStarts, leaf.startLine);
  while (blocks.leaves[index]?.kind === 'indented-code') index--;
  const first = blocks.leaves[index];
  if (first?.kind !== 'paragraph' || first.parent !== leaf.parent) return undefined;
  return FOOTNOTE.test(free.text.slice(first.lineStarts[0], first.lineEnds[0])) ? first : undefined;
}
