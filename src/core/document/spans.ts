/** From a pair of marks to a masked span: is it legal where it stands, and how does it lie in the source? */
import * as l10n from '@vscode/l10n';
import { containersOf, leafAt, type Container, type Leaf } from './blocks.js';
import type { InlinePosition, LinePosition, MarkFreeDocument, Position } from './classify.js';
import { prefixLength, stepsOf } from './containers.js';
import { withWrappers, type InlineNode } from './inline-nodes.js';
import { lastAtMost, lineAt, lineEndOffset, type Lines } from './lines.js';
import type { MarkFault } from './mark-scan.js';
import type { MarkPair } from './pairs.js';
import { touchedAt } from './spacing.js';
import type { BlockLayout, DocumentErrorCode, Range, Sides, SpanLayout } from './types.js';

export interface Span {
  readonly form: 'inline' | 'cell' | 'block';
  /** What accepting replaces. */
  readonly range: Range;
  readonly layout: SpanLayout;
  /** Own-line marks around one image alone: that image, by its offsets in the mark-free document. */
  readonly lonePicture?: Range;
  /** An inline mark is the first thing on a line. */
  readonly warnsOfLineStart: boolean;
}

export type SpanResult =
  { readonly ok: true; readonly span: Span } | { readonly ok: false; readonly fault: MarkFault };

export interface SpanContext {
  readonly source: string;
  readonly lines: Lines;
  readonly bodyStart: number;
  readonly document: MarkFreeDocument;
  readonly leafStarts: readonly number[];
}

/** Checks where `pair` stands. A pair with an illegal mark has been reported and gives undefined. */
export function layOutSpan(pair: MarkPair, context: SpanContext): SpanResult | undefined {
  const from = pair.opener.position;
  const to = pair.closer.position;
  if (from.kind === 'illegal' || to.kind === 'illegal') return undefined;
  if (from.kind === 'line' && to.kind === 'line') return layOutBlock(pair, from, to, context);
  if (from.kind === 'line' || to.kind === 'line') {
    const message =
      from.kind === 'line'
        ? l10n.t(
            'The opener stands alone on its line but its closer does not: put both alone on a line, around whole blocks, or both inside one line of text.',
          )
        : l10n.t(
            'The closer stands alone on its line but its opener does not: put both alone on a line, around whole blocks, or both inside one line of text.',
          );
    return failed('span-forms-differ', message, pair);
  }
  const problem = inlineProblem(from, to);
  return problem ? failed(problem.code, problem.message, pair) : layOutInline(pair, from, to, context);
}

function failed(code: DocumentErrorCode, message: string, { opener }: MarkPair): SpanResult {
  return { ok: false, fault: { code, message, offset: opener.mark.start } };
}

// ---- inline spans

function inlineProblem(
  from: Position,
  to: Position,
): { readonly code: DocumentErrorCode; readonly message: string } | undefined {
  if (from.kind === 'blank-line' && to.kind === 'blank-line' && from.line === to.line) return undefined;
  if (from.kind !== 'inline' || to.kind !== 'inline') return severalBlocks();
  if (from.region !== to.region)
    return from.region.leaf === to.region.leaf ? cellProblem(from, to) : severalBlocks();
  if (from.node === to.node) return undefined;
  return { code: 'span-crosses', message: crossing(crossedNode(from, to)) };
}

function severalBlocks(): { readonly code: DocumentErrorCode; readonly message: string } {
  const message = l10n.t(
    'This mask reaches over several blocks; mask each of them, or put the opener and the closer alone on lines around them.',
  );
  return { code: 'span-several-blocks', message };
}

function crossing({ kind }: InlineNode): string {
  switch (kind) {
    case 'emphasis':
      return l10n.t(
        'This mask begins or ends inside emphasis without the other end; keep both marks inside it, or put both outside.',
      );
    case 'link':
    case 'autolink':
    case 'footnote':
      return l10n.t(
        'This mask begins or ends inside a link without the other end; keep both marks inside it, or put both outside.',
      );
    case 'image':
      return l10n.t(
        'This mask begins or ends inside an image’s alt text without the other end; keep both marks inside it, or put both outside.',
      );
    case 'code':
    case 'entity':
      return l10n.t(
        'This mask begins or ends inside code without the other end; keep both marks inside it, or put both outside.',
      );
    case 'html':
      return l10n.t(
        'This mask begins or ends inside HTML without the other end; keep both marks inside it, or put both outside.',
      );
  }
}

function cellProblem(
  from: InlinePosition,
  to: InlinePosition,
): { readonly code: DocumentErrorCode; readonly message: string } {
  const message =
    from.region.line === to.region.line
      ? l10n.t(
          'This mask crosses a cell’s edge; mask each cell on its own, or put own-line marks around the whole table.',
        )
      : l10n.t(
          'This mask crosses a table row’s edge; mask each cell on its own, or put own-line marks around the whole table.',
        );
  return { code: 'span-crosses', message };
}

function crossedNode(from: InlinePosition, to: InlinePosition): InlineNode {
  // Of two different innermost constructs, the shorter one does not hold the other mark.
  const nodes = [from.node, to.node].filter((node) => node !== undefined);
  return nodes.sort((a, b) => a.end - a.start - (b.end - b.start))[0]!;
}

// What may stand before the text of a line: quote and list markers.
const LINE_START = /^[ \t>]*(?:(?:[-+*]|\d{1,9}[.)])[ \t][ \t>]*)*$/;

function layOutInline(pair: MarkPair, from: Position, to: Position, context: SpanContext): SpanResult {
  const { source, lines, bodyStart, document } = context;
  const opener = pair.opener.mark;
  const closer = pair.closer.mark;
  const begins = (offset: number): boolean => {
    const lineStart = Math.max(lines.starts[lineAt(lines, offset)]!, bodyStart);
    return LINE_START.test(source.slice(lineStart, offset));
  };
  const form = from.kind === 'inline' ? from.region.form : 'inline';
  const isIn = (kind: InlineNode['kind']): boolean => from.kind === 'inline' && from.within.has(kind);
  const beginsLine = begins(opener.start);
  const content =
    opener === closer ? { start: opener.end, end: opener.end } : { start: opener.end, end: closer.start };
  const range = { start: opener.start, end: closer.end };
  const warnsOfLineStart = beginsLine || begins(closer.start);
  const touchedBy = (position: Position): Sides =>
    position.kind === 'inline'
      ? touchedAt(position.region.nodes, document.free.text, position.offset)
      : { before: false, after: false };
  // A mark right before it may become words.
  const isAfterMark = source.endsWith('-->', opener.start);
  const touches = { before: isAfterMark || touchedBy(from).before, after: touchedBy(to).after };
  const layout = { content, beginsLine, inLink: isIn('link'), inEmphasis: isIn('emphasis'), touches };
  return { ok: true, span: { form, range, layout, warnsOfLineStart } };
}

// ---- own-line spans

function layOutBlock(pair: MarkPair, from: LinePosition, to: LinePosition, context: SpanContext): SpanResult {
  const { source, lines, bodyStart, document } = context;
  const opener = pair.opener.mark;
  const openerLine = lineAt(lines, opener.start);
  const closerLine = lineAt(lines, pair.closer.mark.start);
  const containers = stepsOf(from.match);
  const lineStart = (line: number): number => Math.max(lines.starts[line]!, bodyStart);

  if (!samePlace(from, to)) {
    return failed(
      'span-crosses',
      l10n.t(
        'This mask begins and ends in different quotes or list items; give both marks the same prefix (`> ` and indentation).',
      ),
      pair,
    );
  }
  for (let line = openerLine + 1; line < closerLine; line++) {
    const text = source.slice(lines.starts[line], lines.textEnds[line]);
    if (prefixLength(text, containers) === undefined) {
      const message = l10n.t(
        'Line {0} leaves the quote or list item that this mask stands in; give it the same prefix as the marks, or close the mask before it.',
        line + 1,
      );
      return failed('span-crosses', message, pair);
    }
  }
  const depth = containers.length;
  const inside = leavesBetween(document, context.leafStarts, from.line, to.line);
  const below = document.blocks.leaves[lastAtMost(context.leafStarts, to.line - 1) + 1];
  const first = inside[0];
  if (
    first &&
    containersOf(first)
      .slice(depth)
      .some(({ startLine }) => startLine < from.line)
  ) {
    return failed(
      'span-crosses',
      l10n.t(
        'The text after this mark belongs to a list item or quote that the mark does not stand in; indent both marks like that text.',
      ),
      pair,
    );
  }
  const cut = (container: Container): boolean =>
    container.startLine >= from.line && container.startLine < to.line;
  if (below && containersOf(below).slice(depth).some(cut)) {
    return failed(
      'span-crosses',
      l10n.t(
        'This mask ends inside a list item or quote that goes on after it; put the closer after its last block.',
      ),
      pair,
    );
  }

  const layout: SpanLayout = {
    content:
      openerLine === closerLine
        ? emptyContent(pair)
        : { start: lines.starts[openerLine + 1]!, end: lines.starts[closerLine]! },
    beginsLine: true,
    inLink: false,
    inEmphasis: false,
    touches: { before: false, after: false },
    block: {
      lines: { start: lineStart(openerLine), end: lineEndOffset(lines, closerLine) },
      prefix: source.slice(lineStart(openerLine), opener.start),
      containers,
      indent: from.match.indent,
      finalLineEnd: source.slice(lines.textEnds[closerLine], lineEndOffset(lines, closerLine)),
      above: neighbourAbove(document, context.leafStarts, from),
      below: below?.startLine === to.line ? neighbourBelow(below, document.free.text, from) : 'nothing',
    },
  };
  const lonePicture =
    first && inside.length === 1 && containersOf(first).length === depth
      ? lonePictureOf(first, document)
      : undefined;
  const range = { start: opener.start, end: lineEndOffset(lines, closerLine) };
  return {
    ok: true,
    span: { form: 'block', range, layout, warnsOfLineStart: false, ...(lonePicture && { lonePicture }) },
  };
}

function emptyContent({ opener }: MarkPair): Range {
  return { start: opener.mark.end, end: opener.mark.end };
}

/** Whether the closer stands in the containers that the opener stands in or opens. */
function samePlace(from: LinePosition, to: LinePosition): boolean {
  const outer = to.match.containers.filter(({ startLine }) => startLine < from.line);
  const opened = to.match.containers.slice(outer.length);
  return (
    outer.length === from.match.containers.length &&
    outer.every((container, index) => container === from.match.containers[index]) &&
    opened.every(({ kind }) => kind === 'quote') &&
    opened.length + to.match.newQuotes === from.match.newQuotes
  );
}

function leavesBetween(
  { blocks }: MarkFreeDocument,
  leafStarts: readonly number[],
  startLine: number,
  endLine: number,
): readonly Leaf[] {
  return blocks.leaves.slice(
    lastAtMost(leafStarts, startLine - 1) + 1,
    lastAtMost(leafStarts, endLine - 1) + 1,
  );
}

function neighbourAbove(
  { blocks }: MarkFreeDocument,
  leafStarts: readonly number[],
  { line, match }: LinePosition,
): BlockLayout['above'] {
  const above = leafAt(blocks.leaves, leafStarts, line - 1);
  if (above?.kind === 'html') return 'html';
  if (above?.kind !== 'paragraph' && above?.kind !== 'table') return 'nothing';
  const { parent } = above;
  return parent?.kind === 'item' && !match.containers.includes(parent) ? 'item' : 'text';
}

// Only a list that begins with 1 can interrupt a paragraph (CommonMark §5.3).
const LATER_ITEM = /^(?!0*1[.)])\d+[.)]/;

function neighbourBelow(leaf: Leaf, text: string, { match }: LinePosition): BlockLayout['below'] {
  const chain = containersOf(leaf);
  const depth = match.containers.length + match.newQuotes;
  const isBeside =
    chain.length >= depth &&
    chain.slice(0, depth).every((container, index) => container === (match.containers[index] ?? container));
  const begun = chain.slice(isBeside ? depth : 0).find(({ startLine }) => startLine === leaf.startLine);
  if (begun) {
    const line = text.slice(text.lastIndexOf('\n', leaf.lineStarts[0]! - 1) + 1, leaf.lineEnds[0]);
    const isLater = begun.kind === 'item' && LATER_ITEM.test(line.replace(/^[ \t>]+/, ''));
    return isBeside && isLater ? 'item' : 'nothing';
  }
  const isSwallowed = leaf.kind === 'heading' ? leaf.underlined : leaf.kind !== 'fence';
  return isSwallowed ? 'text' : 'nothing';
}

/** The image that is all there is in a paragraph, but for a link or emphasis around it. */
function lonePictureOf(leaf: Leaf, { regions, free }: MarkFreeDocument): Range | undefined {
  if (leaf.kind !== 'paragraph') return undefined;
  const { nodes } = regions.regionOf(leaf);
  const index = nodes.findIndex(({ kind }) => kind === 'image');
  if (index < 0) return undefined;
  const { start, end } = withWrappers(nodes, index);
  const text = free.text.slice(leaf.lineStarts[0], leaf.lineEnds.at(-1)).trimEnd();
  const fills = start === leaf.lineStarts[0] && end === start + text.length;
  return fills ? nodes[index] : undefined;
}
