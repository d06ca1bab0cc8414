/**
 * Decides what each mark candidate is and where it stands.
 *
 * The rule: all candidates are taken out at once (own-line ones with their lines), and the document that remains is
 * parsed. A candidate whose place lies within code, an HTML block or comment, a link destination or a link reference
 * definition is text. The exception that keeps this from changing what it asks about: a candidate between two
 * backticks stays in, because taking it out would join them; it is text if CommonMark reads it as code.
 */
import * as l10n from '@vscode/l10n';
import { containersOf, leafAt, lastTextLines, type Blocks, type Container, type Leaf } from './blocks.js';
import { matchPrefix, type PrefixMatch } from './containers.js';
import type { InlineNode } from './inline-nodes.js';
import { lastAtMost, lineAt, type Lines } from './lines.js';
import type { MarkCandidate } from './mark-scan.js';
import type { MarkFreeText } from './mark-free.js';
import type { Region, RegionParser } from './regions.js';
import type { DocumentErrorCode } from './types.js';

/** A place in the mark-free document. */
export type Position =
  /** Not a mark. */
  | { readonly kind: 'text' }
  /** A mark where none may stand. */
  | { readonly kind: 'illegal'; readonly code: DocumentErrorCode; readonly message: string }
  | LinePosition
  | InlinePosition
  /** Inline marks on a line that is blank without them. */
  | { readonly kind: 'blank-line'; readonly line: number };

/** An own-line mark: between the lines `line - 1` and `line`. */
export interface LinePosition {
  readonly kind: 'line';
  readonly line: number;
  readonly match: PrefixMatch;
}

export interface InlinePosition {
  readonly kind: 'inline';
  readonly region: Region;
  readonly offset: number;
  /** The innermost construct around it. */
  readonly node: InlineNode | undefined;
  /** The kinds of all constructs around it. */
  readonly within: ReadonlySet<InlineNode['kind']>;
}

export interface MarkFreeDocument {
  readonly free: MarkFreeText;
  readonly blocks: Blocks;
  readonly regions: RegionParser;
  /** Lines of the mark-free text. */
  readonly lines: Lines;
}

const TEXT: Position = { kind: 'text' };

/** Positions of the ascending `candidates`. */
export function classify(
  source: string,
  sourceLines: Lines,
  bodyStart: number,
  candidates: readonly MarkCandidate[],
  document: MarkFreeDocument,
): Position[] {
  const { free, blocks } = document;
  const leafStarts = blocks.leaves.map(({ startLine }) => startLine);
  const inline = new InlineClassifier(document, leafStarts);
  const containers = new OpenContainers(document);
  const tooDeepStarts = blocks.tooDeep.map(({ startLine }) => startLine);
  return candidates.map((candidate) => {
    const offset = free.fromSource(candidate.start);
    const line = lineAt(document.lines, offset);
    const tooDeep = blocks.tooDeep[lastAtMost(tooDeepStarts, line)];
    if (tooDeep && line < tooDeep.endLine) {
      return illegal(
        'nesting-too-deep',
        l10n.t('Quotes and lists are nested too deep around this mark; move it out.'),
      );
    }
    if (!candidate.ownLine) return inline.classify(offset, line);
    const lineStart = Math.max(sourceLines.starts[lineAt(sourceLines, candidate.start)]!, bodyStart);
    // Up to its own start, or that of the opener that it is right after.
    const match = matchPrefix(source.slice(lineStart, candidate.end), containers.before(line));
    return classifyOwnLine(blocks, leafStarts, line, match);
  });
}

function illegal(code: DocumentErrorCode, message: string): Position {
  return { kind: 'illegal', code, message };
}

function classifyOwnLine(
  { leaves }: Blocks,
  leafStarts: readonly number[],
  line: number,
  match: PrefixMatch,
): Position {
  const above = leaves[lastAtMost(leafStarts, line - 1)];
  const isInside = above !== undefined && line < above.endLine;
  const continues = above !== undefined && line === above.endLine && !above.closed;
  const inContainer =
    above !== undefined && (!above.parent || (match.containers.includes(above.parent) && !match.newQuotes));
  if (above && (isInside || (continues && inContainer))) {
    if (!isProse(above)) return TEXT;
    return illegal('span-not-whole-blocks', inMiddleOf(above.kind));
  }
  return match.indent >= 4 ? TEXT : { kind: 'line', line, match };
}

type ProseKind = 'paragraph' | 'heading' | 'table';

function inMiddleOf(kind: ProseKind): string {
  switch (kind) {
    case 'paragraph':
      return l10n.t(
        'This own-line mark stands in the middle of a paragraph; leave a blank line between them, or write the mark inside a line of text.',
      );
    case 'heading':
      return l10n.t(
        'This own-line mark stands in the middle of a heading; put it before or after the heading, or write the mark inside a line of text.',
      );
    case 'table':
      return l10n.t(
        'This own-line mark stands in the middle of a table; put the marks around the whole table, or inside one cell.',
      );
  }
}

function isProse(leaf: Leaf): leaf is Leaf & { readonly kind: ProseKind } {
  return leaf.kind === 'paragraph' || leaf.kind === 'heading' || leaf.kind === 'table';
}

/** Inline marks, in document order. */
export class InlineClassifier {
  readonly #document: MarkFreeDocument;
  readonly #leafStarts: readonly number[];
  #region: Region | undefined;
  #cursor = new NodeCursor([]);
  #cell = 0;

  constructor(document: MarkFreeDocument, leafStarts: readonly number[]) {
    this.#document = document;
    this.#leafStarts = leafStarts;
  }

  classify(offset: number, line: number): Position {
    const { blocks, free } = this.#document;
    const leaf = leafAt(blocks.leaves, this.#leafStarts, line);
    if (!leaf) return { kind: 'blank-line', line };
    if (!isProse(leaf) && leaf.kind !== 'thematic-break') return TEXT;
    const index = line - leaf.startLine;
    if (leaf.underlined && line === leaf.endLine - 1) {
      return illegal(
        'mark-misplaced',
        l10n.t('This mark stands in the line under a heading; put it in the heading’s text.'),
      );
    }
    if (/[^ \t]/.test(free.text.slice(offset, Math.max(offset, leaf.lineStarts[index]!)))) {
      return illegal(
        'mark-misplaced',
        l10n.t(
          'This mark stands before the list or quote marker of its line; put it after the marker, or alone on a line.',
        ),
      );
    }
    if (leaf.kind !== 'table') return this.#inRegion(this.#document.regions.regionOf(leaf), offset);
    if (index === 1) {
      return illegal(
        'mark-misplaced',
        l10n.t('This mark stands in the line under a table’s head; put it inside a cell.'),
      );
    }
    const cell = this.#cellAt(leaf, line, offset);
    if (cell) return this.#inRegion(cell, offset);
    const { regions } = this.#document;
    if (regions.isTooLong(leaf, line) && offset > regions.cellsOf(leaf, line).at(-1)!.end) {
      return illegal(
        'mark-misplaced',
        l10n.t(
          'This mark stands beyond the last column, since its row has more cells than the table’s head; write a `|` that parts no cells, in code too, as `\\|`.',
        ),
      );
    }
    return illegal(
      'mark-misplaced',
      l10n.t(
        'This mark stands outside the cells of its row; begin and end the row with `|` and put the mark between.',
      ),
    );
  }

  #cellAt(table: Leaf, line: number, offset: number): Region | undefined {
    const cells = this.#document.regions.cellsOf(table, line);
    // Most often the cell of the mark before, or one further on.
    const last = this.#region ? cells.indexOf(this.#region, this.#cell) : -1;
    this.#cell = Math.max(0, last);
    while ((cells[this.#cell]?.end ?? Infinity) < offset) this.#cell++;
    const cell = cells[this.#cell];
    return cell && cell.start <= offset ? cell : undefined;
  }

  #inRegion(region: Region, offset: number): Position {
    if (region !== this.#region) {
      this.#region = region;
      // A mark that parts an entity is a mark: then there is no entity.
      this.#cursor = new NodeCursor(region.nodes.filter(({ kind }) => kind !== 'entity'));
    }
    const node = this.#cursor.innermost(offset);
    const within = new Set(this.#cursor.around.map(({ kind }) => kind));
    if (!node) return { kind: 'inline', region, offset, node, within };
    if (node.kind === 'code' || node.kind === 'html' || node.kind === 'autolink') return TEXT;
    const { inner } = node;
    if (offset >= inner.start && offset <= inner.end) {
      if (this.#cursor.around.some((outer) => this.#isLabel(outer))) {
        return illegal(
          'mark-misplaced',
          l10n.t(
            'This mark stands in a text that is the label of its destination too; write the label once more behind it, as in `[text][label]`, and mask the text.',
          ),
        );
      }
      return { kind: 'inline', region, offset, node, within };
    }
    // Past its text a link or image has its destination.
    if (node.destination && offset > inner.end) return TEXT;
    return illegal(
      'mark-misplaced',
      l10n.t('This mark stands between the characters of a Markdown delimiter; move it out.'),
    );
  }

  /** Whether another text in the link or image `[text]` or `[text][]` would lead elsewhere. */
  #isLabel({ destination, inner, end }: InlineNode): boolean {
    if (!destination || destination.range) return false;
    return ['', '[]'].includes(this.#document.free.text.slice(inner.end + 1, end));
  }
}

/** Finds the nodes around ascending offsets. */
class NodeCursor {
  readonly #nodes: readonly InlineNode[];
  readonly #around: InlineNode[] = [];
  /** What `innermost` found and what is around that, outermost first. */
  readonly around: readonly InlineNode[] = this.#around;
  #next = 0;

  constructor(nodes: readonly InlineNode[]) {
    this.#nodes = nodes;
  }

  /** The innermost node with `offset` strictly between its start and end. */
  innermost(offset: number): InlineNode | undefined {
    for (let node = this.#nodes[this.#next]; node && node.start < offset; node = this.#nodes[this.#next]) {
      this.#leave(node.start);
      this.#around.push(node);
      this.#next++;
    }
    this.#leave(offset);
    return this.#around.at(-1);
  }

  #leave(offset: number): void {
    while ((this.#around.at(-1)?.end ?? Infinity) <= offset) this.#around.pop();
  }
}

/** Finds the containers that a line may continue, for ascending lines. */
class OpenContainers {
  readonly #containers: readonly Container[];
  readonly #lastTextLine: readonly number[];
  #next = 0;
  #open: readonly Container[] = [];

  constructor({ blocks, free }: MarkFreeDocument) {
    this.#containers = blocks.containers;
    this.#lastTextLine = lastTextLines(free.text);
  }

  /** Containers that began before `line` and that a line put there could continue, outermost first. */
  before(line: number): readonly Container[] {
    for (
      let container = this.#containers[this.#next];
      container && container.startLine < line;
      container = this.#containers[this.#next]
    ) {
      this.#open = [...containersOf(container), container];
      this.#next++;
    }
    // Blank lines close a quote, not a list item.
    const lastText = this.#lastTextLine[line - 1] ?? -1;
    const isOpen = ({ kind, endLine }: Container): boolean =>
      endLine >= line || (kind === 'item' && endLine > lastText);
    const closed = this.#open.findIndex((container) => !isOpen(container));
    return closed < 0 ? this.#open : this.#open.slice(0, closed);
  }
}
