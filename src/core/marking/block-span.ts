/** Where own-line marks may stand around whole blocks. */
import { containersOf, type Container, type Leaf } from '../document/blocks.js';
import { prefixLength, stepInto } from '../document/containers.js';
import { insertion } from '../document/edits.js';
import type { Range } from '../document/index.js';
import { lastAtMost, lineAt } from '../document/lines.js';
import { lineEndAt, type Manuscript, type MaskDraft } from './manuscript.js';

/** Whole blocks of one container, by source offsets. */
export interface BlockStretch {
  /** From where the first block begins, after its container's prefix, to the end of the last one's last line. */
  readonly range: Range;
  /** What stands before the first block on its line; it continues the containers on the lines of the marks. */
  readonly prefix: string;
  /** The leaves it holds, first and last. */
  readonly first: Leaf;
  readonly last: Leaf;
}

/** The leaves with a line in `range`, an offset range of the mark-free document. */
export function leavesIn({ reading }: Manuscript, range: Range): readonly Leaf[] {
  const { blocks, lines } = reading.document;
  const startLine = lineAt(lines, range.start);
  const endLine = lineAt(lines, range.end);
  const before = lastAtMost(reading.leafStarts, startLine);
  const from = startLine < (blocks.leaves[before]?.endLine ?? 0) ? before : before + 1;
  return blocks.leaves.slice(from, lastAtMost(reading.leafStarts, endLine) + 1);
}

/** Around the leaves from `first` to `last`: whole blocks, the smallest stretch first. */
export function blockStretches(manuscript: Manuscript, first: Leaf, last: Leaf): BlockStretch[] {
  const from = containersOf(first);
  const to = containersOf(last);
  let common = 0;
  while (from[common] && from[common] === to[common]) common++;
  const stretches: BlockStretch[] = [];
  for (let depth = common; depth >= 0; depth--) {
    const startLine = from[depth]?.startLine ?? first.startLine;
    const endLine = to[depth]?.endLine ?? last.endLine;
    // A mark cannot stand before the first block of an item: it would have to stand on the marker's line.
    const outer = from.slice(0, depth);
    if (outer.some(({ kind, startLine: marker }) => kind === 'item' && marker === startLine)) continue;
    const stretch = stretchOf(manuscript, startLine, endLine, outer);
    if (stretch) stretches.push(stretch);
  }
  return stretches;
}

/** The stretch of `leaf` alone; undefined for the first block of an item, whose marker is on the same line. */
export function ownStretch(manuscript: Manuscript, leaf: Leaf): BlockStretch | undefined {
  const containers = containersOf(leaf);
  if (containers.some(({ kind, startLine }) => kind === 'item' && startLine === leaf.startLine))
    return undefined;
  return stretchOf(manuscript, leaf.startLine, leaf.endLine, containers);
}

function stretchOf(
  { reading }: Manuscript,
  startLine: number,
  endLine: number,
  outer: readonly Container[],
): BlockStretch | undefined {
  const { free, lines, blocks } = reading.document;
  const lineStart = lines.starts[startLine]!;
  const line = free.text.slice(lineStart, lines.textEnds[startLine]);
  const length = prefixLength(line, outer.map(stepInto));
  if (length === undefined) return undefined;
  const start = free.toSource(lineStart + length, 'after');
  const lastUnit = free.toSource(lines.textEnds[endLine - 1]!, 'before');
  const end = reading.lines.textEnds[lineAt(reading.lines, lastUnit)]!;
  const sourceLine = Math.max(reading.lines.starts[lineAt(reading.lines, start)]!, reading.bodyStart);
  return {
    range: { start, end },
    prefix: reading.source.slice(sourceLine, start),
    first: blocks.leaves[lastAtMost(reading.leafStarts, startLine - 1) + 1]!,
    last: blocks.leaves[lastAtMost(reading.leafStarts, endLine - 1)]!,
  };
}

/** Own-line marks around `stretch`. */
export function ownLineMask(
  manuscript: Manuscript,
  { range, prefix }: BlockStretch,
  kind: MaskDraft['kind'] = 'text',
): MaskDraft {
  const opener = `<!--mask-->${manuscript.lineEnd}${prefix}`;
  const closer = `${lineEndAt(manuscript, range.end)}${prefix}<!--/mask-->`;
  return { edits: [insertion(range.start, opener), insertion(range.end, closer)], kind };
}
