/** The images of a document, and among them the slots. */
import * as l10n from '@vscode/l10n';
import { leafAt, type Leaf } from './blocks.js';
import { InlineClassifier, type MarkFreeDocument } from './classify.js';
import { withWrappers, type InlineNode } from './inline-nodes.js';
import { lineAt } from './lines.js';
import { isEscaped, shorten, type MarkFault } from './mark-scan.js';
import type { Region } from './regions.js';
import type { Range } from './types.js';

/** An image with its place in the source. */
export interface FoundPicture {
  readonly range: Range;
  readonly outer: Range;
  readonly alt: Range;
  readonly destination: string;
  readonly destinationRange?: Range;
  readonly isSlot: boolean;
  /** Where it begins in the mark-free document. */
  readonly freeStart: number;
}

const SLOT = 'mask:';

/** All images in document order, and every `mask:` that is no slot. */
export function findPictures(
  source: string,
  bodyStart: number,
  document: MarkFreeDocument,
  leafStarts: readonly number[],
): { readonly pictures: readonly FoundPicture[]; readonly faults: readonly MarkFault[] } {
  const pictures: FoundPicture[] = [];
  const faults: MarkFault[] = [];
  const { free } = document;
  const slotStarts = new Set<number>();
  const fault = (freeOffset: number, message: string): void => {
    faults.push({ code: 'slot-not-image', message, offset: free.toSource(freeOffset, 'after') });
  };

  const mayHold = (text: string): boolean => text.includes('![') || text.includes(SLOT);
  for (const { node, outer } of nodesWithDestination(document, mayHold)) {
    const { text, range } = node.destination!;
    const isSlot = range !== undefined && text.startsWith(SLOT);
    if (node.kind === 'image' && !node.inAlt) {
      const picture = toPicture(node, outer, isSlot, document);
      pictures.push(picture);
      if (!isSlot) continue;
      slotStarts.add(range.start);
      const { start, end } = picture.destinationRange!;
      if (source.slice(start, end).includes('<!--')) {
        fault(
          range.start,
          l10n.t('A mark cannot stand inside a slot’s destination; give options as `mask:?seed=7`.'),
        );
      }
    } else if (isSlot) {
      slotStarts.add(range.start);
      fault(
        range.start,
        node.kind === 'link'
          ? l10n.t('This link leads to `mask:`, but an image slot is written `![what to draw](mask:)`.')
          : l10n.t(
              'This image within an alt text has `mask:`, but an image slot is written `![what to draw](mask:)`.',
            ),
      );
    }
  }
  for (const offset of definitionsOfSlots(document)) {
    fault(
      offset,
      l10n.t(
        'A link reference definition cannot be an image slot; write `![what to draw](mask:)` in its place.',
      ),
    );
  }
  const inline = new InlineClassifier(document, leafStarts);
  for (const match of source.slice(bodyStart).matchAll(/\]\(<?mask:/g)) {
    const bracket = bodyStart + match.index;
    const offset = free.fromSource(bracket + 2);
    if (slotStarts.has(offset) || isEscaped(source, bracket)) continue;
    const line = lineAt(document.lines, offset);
    if (!leafAt(document.blocks.leaves, leafStarts, line)) continue;
    if (inline.classify(offset, line).kind === 'text') continue;
    const rest = shorten(/^[^\n]*/.exec(free.text.slice(offset, offset + 80))?.[0] ?? '');
    fault(
      offset,
      l10n.t(
        '“]({0}” is no image; an image slot is written `![what to draw](mask:)`, with options `mask:?style=noto&seed=7` and no spaces.',
        rest,
      ),
    );
  }
  return { pictures, faults };
}

interface NodeInPlace {
  readonly node: InlineNode;
  /** With the links and emphasis around it that hold nothing else. */
  readonly outer: Range;
}

/**
 * The links and images of the mark-free document, in order.
 * @param mayHold a quick look at a text, which leaves out what is not asked for
 */
export function* nodesWithDestination(
  { blocks, regions, free }: MarkFreeDocument,
  mayHold: (text: string) => boolean,
): Generator<NodeInPlace> {
  const within = ({ nodes }: Region): NodeInPlace[] =>
    nodes.flatMap((node, index) => (node.destination ? { node, outer: withWrappers(nodes, index) } : []));
  for (const leaf of blocks.leaves) {
    if (leaf.kind === 'table') {
      for (let line = leaf.startLine; line < leaf.endLine; line++) {
        if (line === leaf.startLine + 1 || !mayHold(rowText(free.text, leaf, line))) continue;
        for (const cell of regions.cellsOf(leaf, line)) yield* within(cell);
      }
    } else if (mayHold(leaf.content)) yield* within(regions.regionOf(leaf));
  }
}

function rowText(text: string, table: Leaf, line: number): string {
  const index = line - table.startLine;
  return text.slice(table.lineStarts[index], table.lineEnds[index]);
}

function toPicture(
  node: InlineNode,
  outer: Range,
  isSlot: boolean,
  { free }: MarkFreeDocument,
): FoundPicture {
  const { text, range } = node.destination!;
  return {
    range: { start: free.toSource(node.start, 'after'), end: free.toSource(node.end, 'before') },
    outer: { start: free.toSource(outer.start, 'after'), end: free.toSource(outer.end, 'before') },
    // Marks at the edges of the alt text belong to it.
    alt: { start: free.toSource(node.inner.start, 'before'), end: free.toSource(node.inner.end, 'after') },
    destination: text,
    ...(range && {
      destinationRange:
        range.start === range.end
          ? { start: free.toSource(range.start, 'before'), end: free.toSource(range.end, 'after') }
          : { start: free.toSource(range.start, 'after'), end: free.toSource(range.end, 'before') },
    }),
    isSlot,
    freeStart: node.start,
  };
}

function* definitionsOfSlots({ blocks, free }: MarkFreeDocument): Generator<number> {
  for (const leaf of blocks.leaves) {
    if (leaf.kind !== 'definition') continue;
    const text = free.text.slice(leaf.lineStarts[0], leaf.lineEnds.at(-1));
    const label = /^\[(?:[^\]\\]|\\[^])*\]:[\s>]*<?(?=mask:)/.exec(text);
    if (label) yield leaf.lineStarts[0]! + label[0].length;
  }
}
