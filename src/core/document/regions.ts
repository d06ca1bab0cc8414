/**
 * Regions: the stretches of the mark-free document that inline content is parsed in, one by one. A paragraph or heading
 * is one region, and so is each cell of a table.
 */
import type { Blocks, Leaf } from './blocks.js';
import { InlineScanner, type InlineNode } from './inline-nodes.js';
import { lastAtMost } from './lines.js';
import type { Range } from './types.js';

/** A stretch of inline text. All offsets are those of the mark-free document. */
export interface Region extends Range {
  readonly form: 'inline' | 'cell';
  readonly leaf: Leaf;
  /** 0-based line of a cell's row; of other regions the first. */
  readonly line: number;
  /** Sorted by start, outer before inner. */
  readonly nodes: readonly InlineNode[];
}

/** The text of a region before it is parsed, and where its pieces stand. */
interface RegionText extends Omit<Region, 'nodes'> {
  readonly content: string;
  /** Ascending: where in `content` each line begins, and where in the document. */
  readonly contentStarts: readonly number[];
  readonly documentStarts: readonly number[];
}

/** Parses regions when they are asked for, each once. */
export class RegionParser {
  readonly #text: string;
  readonly #scanner: InlineScanner;
  readonly #leafRegions = new Map<Leaf, Region>();
  readonly #rowRegions = new Map<number, readonly Region[]>();

  constructor(text: string, blocks: Blocks) {
    this.#text = text;
    this.#scanner = new InlineScanner(blocks.env);
  }

  /** The region of a paragraph, heading or thematic break. */
  regionOf(leaf: Leaf): Region {
    let region = this.#leafRegions.get(leaf);
    if (!region) {
      region = this.#parse(leafText(this.#text, leaf));
      this.#leafRegions.set(leaf, region);
    }
    return region;
  }

  /** The cells of a table's row on 0-based `line`, from left to right: not more than the head has. */
  cellsOf(table: Leaf, line: number): readonly Region[] {
    let cells = this.#rowRegions.get(line);
    if (!cells) {
      const texts = cellTexts(this.#text, table, line).slice(0, table.columns);
      cells = texts.map((cell) => this.#parse(cell));
      this.#rowRegions.set(line, cells);
    }
    return cells;
  }

  /** Whether a row has cells beyond those of its table's head, which are not shown. */
  isTooLong(table: Leaf, line: number): boolean {
    return cellTexts(this.#text, table, line).length > table.columns;
  }

  #parse(region: RegionText): Region {
    const { form, leaf, line, start, end } = region;
    const nodes = this.#scanner.scan(region.content).map((node) => toDocument(node, region));
    return { form, leaf, line, start, end, nodes };
  }
}

function leafText(text: string, leaf: Leaf): RegionText {
  const { content } = leaf;
  const contentStarts: number[] = [];
  const documentStarts: number[] = [];
  let at = 0;
  content.split('\n').forEach((line, index) => {
    contentStarts.push(at);
    at += line.length + 1;
    // Container prefixes and indentation are cut off in front, so a line of content ends where its source line ends.
    const textEnd = trimmedEnd(text, leaf.lineStarts[index]!, leaf.lineEnds[index]!);
    const trimmedLine = trimmedEnd(line, 0, line.length);
    documentStarts.push(leaf.contentStart >= 0 ? leaf.contentStart : textEnd - trimmedLine);
  });
  const start = leaf.lineStarts[0]!;
  const end = leaf.lineEnds[leaf.lineEnds.length - (leaf.underlined ? 2 : 1)]!;
  return { form: 'inline', leaf, line: leaf.startLine, start, end, content, contentStarts, documentStarts };
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && (text[at - 1] === ' ' || text[at - 1] === '\t')) at--;
  return at;
}

/** The pieces of a row between its pipes: not those before the first and after the last when these are blank. */
function cellTexts(text: string, leaf: Leaf, line: number): RegionText[] {
  const index = line - leaf.startLine;
  const rowEnd = leaf.lineEnds[index]!;
  const rowStart = leaf.lineStarts[index]!;
  const cells: RegionText[] = [];
  let start = rowStart;
  const push = (end: number): void => {
    const content = text.slice(start, end);
    const isEdge = start === rowStart || end === rowEnd;
    if (!(isEdge && content.trim() === '')) {
      const place = { start, end, contentStarts: [0], documentStarts: [start] };
      cells.push({ form: 'cell', leaf, line, content, ...place });
    }
    start = end + 1;
  };
  for (let at = start; at < rowEnd; at++) {
    if (text[at] === '|' && text[at - 1] !== '\\') push(at);
  }
  push(rowEnd);
  return cells;
}

function toDocument(node: InlineNode, region: RegionText): InlineNode {
  const place = (offset: number): number => {
    const line = Math.max(0, lastAtMost(region.contentStarts, offset));
    return region.documentStarts[line]! + offset - region.contentStarts[line]!;
  };
  // The end of something is where its last unit is, plus one: a line's end, not the start of the next.
  const after = (offset: number): number => (offset === 0 ? place(0) : place(offset - 1) + 1);
  const range = ({ start, end }: Range): Range => ({ start: place(start), end: after(end) });
  const { destination } = node;
  const inner = { start: after(node.inner.start), end: place(node.inner.end) };
  return {
    ...node,
    ...range(node),
    inner,
    ...(destination && {
      destination: {
        text: destination.text,
        ...(destination.range && {
          range:
            destination.range.start === destination.range.end
              ? { start: place(destination.range.start), end: place(destination.range.start) }
              : range(destination.range),
        }),
      },
    }),
  };
}
