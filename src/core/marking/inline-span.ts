/** Grows a stretch of inline text to where the marks of a span may stand. Offsets are those of the mark-free document. */
import type { Leaf } from '../document/blocks.js';
import { insertion } from '../document/edits.js';
import { InlineScanner, type InlineNode } from '../document/inline-nodes.js';
import { lastAtMost } from '../document/lines.js';
import { isEscaped } from '../document/mark-scan.js';
import { FOOTNOTE_LABEL } from '../document/markdown.js';
import type { Range } from '../document/index.js';
import type { Region } from '../document/regions.js';
import { withElements } from './html-elements.js';
import { toSource, type Manuscript, type MaskDraft } from './manuscript.js';

/** What may begin a paragraph without being part of its prose: the box of a task, the label of a footnote. */
const LABEL = new RegExp(String.raw`^(?:\[[ xX]\][ \t]+(?=[^ \t])|${FOOTNOTE_LABEL}[ \t]*)`);

/** The label of a callout, which ends with its line: GitHub's has the line to itself, Obsidian's may have a title on it. */
const CALLOUT = /\[![^\]\s]+\][+-]?(?=[ \t\n]|$)/y;

/**
 * The text of a region without what makes it a heading, a task, a footnote, a callout or a cell; white space at its ends
 * cut off.
 */
export function textOf(region: Region, text: string): Range {
  const { form, leaf, start, end } = region;
  if (form === 'inline' && leaf.contentStart >= 0) {
    // The white space before a heading's closing `##` belongs to neither.
    return trim({ start: leaf.contentStart, end: leaf.contentStart + leaf.content.length }, text);
  }
  const whole = trim({ start, end }, text);
  if (titleOf(leaf, text)) return trim({ start: leaf.lineStarts[1] ?? whole.end, end: whole.end }, text);
  const label =
    form === 'inline' && leaf.kind === 'paragraph' ? LABEL.exec(text.slice(whole.start, whole.end)) : null;
  return label ? trim({ start: whole.start + label[0].length, end: whole.end }, text) : whole;
}

/** What stands behind the label of a callout, on its line; undefined where `leaf` is none. */
export function titleOf(
  { kind, parent, startLine, lineStarts, lineEnds }: Leaf,
  text: string,
): Range | undefined {
  if (kind !== 'paragraph' || parent?.kind !== 'quote' || parent.startLine !== startLine) return undefined;
  CALLOUT.lastIndex = lineStarts[0]!;
  return CALLOUT.test(text) ? trim({ start: CALLOUT.lastIndex, end: lineEnds[0]! }, text) : undefined;
}

/** The text of a region that `range` is about: that of the title of a callout, where it is in one. */
export function textAround(region: Region, range: Range, text: string): Range {
  const title = titleOf(region.leaf, text);
  return title && title.start < title.end && contains(title, range) ? title : textOf(region, text);
}

/** Whether `range` is in a callout's text but not in its label; own-line marks would take that along. */
export function isBehindLabel(leaf: Leaf, range: Range, text: string): boolean {
  return titleOf(leaf, text) !== undefined && range.start > leaf.lineStarts[0]!;
}

/** `range` without white space at its ends; of white space alone an empty range at its start. */
export function trim({ start, end }: Range, text: string): Range {
  let from = start;
  let to = end;
  while (from < to && /\s/.test(text[from]!)) from++;
  while (to > from && /\s/.test(text[to - 1]!)) to--;
  return from < to ? { start: from, end: to } : { start, end: start };
}

export function intersection(a: Range, b: Range): Range | undefined {
  const start = Math.max(a.start, b.start);
  const end = Math.min(a.end, b.end);
  return start <= end ? { start, end } : undefined;
}

export function contains(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/**
 * Where inline marks may stand around `range`, which lies in the text `whole` of a region, the closest first: no
 * construct is cut, and the opener does not begin a line unless `mayBeginLine`.
 */
function inlineRanges(
  region: Region,
  whole: Range,
  range: Range,
  text: string,
  mayBeginLine: boolean,
): Range[] {
  const ranges: Range[] = [];
  const offer = (candidate: Range): void => {
    const grown = grow(region.nodes, candidate, whole, text);
    if (grown.start >= grown.end || !contains(whole, grown)) return;
    const placed = mayBeginLine
      ? grown
      : (awayFromLineStart(region, grown, whole, text) ?? withinWrappers(region, grown, range, text));
    if (placed && !ranges.some(({ start, end }) => start === placed.start && end === placed.end)) {
      ranges.push(placed);
    }
  };
  offer(range);
  // A text that is a label too may not be masked: then it is the link or image around that is.
  for (const node of region.nodes.filter((outer) => contains(outer, range)).reverse()) offer(node);
  return ranges;
}

/** `inlineRanges` for what `range` shares with the text of `region`. */
export function rangesWithin(region: Region, range: Range, text: string, mayBeginLine = false): Range[] {
  const whole = textAround(region, trim(range, text), text);
  const clipped = intersection(whole, range);
  const wanted = clipped && trim(withinLines(region, clipped), text);
  if (!wanted || wanted.start === wanted.end) return [];
  return inlineRanges(withElements(region, text), whole, wanted, text, mayBeginLine);
}

/** `range` without the prefix of a line that it begins or ends in. */
function withinLines({ form, leaf: { lineStarts, lineEnds } }: Region, { start, end }: Range): Range {
  if (form === 'cell') return { start, end };
  const from = lastAtMost(lineStarts, start);
  const to = lastAtMost(lineStarts, end);
  const first = from >= 0 && start > lineEnds[from]! ? (lineStarts[from + 1] ?? start) : start;
  const last = to >= 0 ? Math.min(end, lineEnds[to]!) : end;
  return first < last ? { start: first, end: last } : { start, end };
}

/** Inline marks around a range of the mark-free document. */
export function inlineMask({ reading }: Manuscript, range: Range): MaskDraft {
  const { start, end } = toSource(reading, range);
  return { edits: [insertion(start, '<!--mask-->'), insertion(end, '<!--/mask-->')], kind: 'text' };
}

/** The smallest stretch around `range` that cuts nothing in two. */
function grow(nodes: readonly InlineNode[], range: Range, whole: Range, text: string): Range {
  let { start, end } = range;
  for (let isStable = false; !isStable;) {
    isStable = true;
    for (const node of nodes) {
      if (node.inner.start <= start && end <= node.inner.end && hasText(node)) continue;
      const cutsStart = node.start < start && start < node.end;
      const cutsEnd = node.start < end && end < node.end;
      if (!cutsStart && !cutsEnd) continue;
      if (cutsStart) ({ start } = node);
      if (cutsEnd) ({ end } = node);
      isStable = false;
    }
    if (isEscaped(text, start, whole.start)) {
      start--;
      isStable = false;
    }
    if (isEscaped(text, end, whole.start)) {
      // A backslash at a line's end is a hard break: it stays outside.
      end += end < whole.end && !/\s/.test(text[end]!) ? 1 : -1;
      isStable = false;
    }
    if (isLowSurrogate(text, start)) start--;
    if (isLowSurrogate(text, end)) end++;
  }
  return { start, end };
}

function hasText({ kind }: InlineNode): boolean {
  return kind === 'emphasis' || kind === 'link' || kind === 'image';
}

function isLowSurrogate(text: string, offset: number): boolean {
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(Math.max(0, offset - 1), offset + 1));
}

/** Whether an opener at `offset` would be the first thing on its line. */
export function beginsLine({ leaf }: Region, offset: number): boolean {
  return leaf.contentStart < 0 && leaf.lineStarts.includes(offset);
}

/** Moves the start of `range` to the end of the line before or, in the first line, behind the first word. */
function awayFromLineStart(region: Region, range: Range, whole: Range, text: string): Range | undefined {
  if (!beginsLine(region, range.start)) return range;
  const index = region.leaf.lineStarts.indexOf(range.start);
  if (index > 0 && region.form === 'inline') {
    const start = endOfLineBefore(region, index, text);
    const grown =
      start === undefined ? undefined : grow(region.nodes, { start, end: range.end }, whole, text);
    if (grown && grown.start === start && grown.end === range.end) return grown;
  }
  return behindFirstWord(region, range, whole, text);
}

/** The text, with `wanted` in it, of the emphasis and links that `range` is, punctuation behind them aside. */
function withinWrappers(
  { nodes }: Region,
  { start, end }: Range,
  wanted: Range,
  text: string,
): Range | undefined {
  const wrappers = nodes.filter(({ kind }) => kind === 'emphasis' || kind === 'link');
  const fills = (node: Range, range: Range): boolean => node.start === range.start && node.end === range.end;
  const outer = wrappers.find(
    (node) => node.start === start && node.end <= end && /^\p{P}*$/u.test(text.slice(node.end, end)),
  );
  const inner = wrappers.reduce((at, node) => (at && fills(node, at) ? node.inner : at), outer?.inner);
  return inner && wanted.start < inner.end && inner.start < wanted.end ? inner : undefined;
}

/** The end of the text of the line before the `index`-th of a region; undefined when a hard break or a label is there. */
export function endOfLineBefore({ leaf }: Region, index: number, text: string): number | undefined {
  if (index === 1 && titleOf(leaf, text)) return undefined;
  if (hardBreakOf(leaf, index - 1, text) !== undefined) return undefined;
  const lineStart = leaf.lineStarts[index - 1]!;
  return lineStart + text.slice(lineStart, leaf.lineEnds[index - 1]).trimEnd().length;
}

/** Where the backslash or the spaces stand that make the end of the `index`-th line of `leaf` a hard break. */
function hardBreakOf({ lineStarts, lineEnds }: Leaf, index: number, text: string): number | undefined {
  const start = lineStarts[index]!;
  const line = text.slice(start, lineEnds[index]);
  const end = start + line.trimEnd().length;
  const spaces = text.slice(end, start + line.length);
  // The CR of a CRLF is a space here.
  if (text[end - 1] === '\\' && spaces.length <= 1) {
    return isEscaped(text, end - 1, start) ? undefined : end - 1;
  }
  return / {2}/.test(spaces) ? end : undefined;
}

/** `offset` or, where it is behind the characters that break its line, the place before them. */
export function beforeHardBreak({ form, leaf, end }: Region, offset: number, text: string): number {
  const index = lastAtMost(leaf.lineStarts, offset);
  if (form === 'cell' || index < 0 || leaf.lineEnds[index]! >= end) return offset;
  return Math.min(offset, hardBreakOf(leaf, index, text) ?? offset);
}

function behindFirstWord(region: Region, range: Range, whole: Range, text: string): Range | undefined {
  const space = /\s+/g;
  space.lastIndex = range.start;
  for (let match = space.exec(text); match && match.index < range.end; match = space.exec(text)) {
    const start = match.index + match[0].length;
    if (start >= range.end) return undefined;
    const grown = grow(region.nodes, { start, end: range.end }, whole, text);
    if (grown.start === start && !beginsLine(region, start)) return grown;
  }
  return undefined;
}

const scanner = new InlineScanner({});

/** Whether all emphasis of a region is still there with `inserted` at `offset`. */
export function keepsEmphasis(region: Region, offset: number, inserted: string, text: string): boolean {
  const { start, end } = region;
  const without = text.slice(start, end);
  return emphasisIn(text.slice(start, offset) + inserted + text.slice(offset, end)) >= emphasisIn(without);
}

function emphasisIn(text: string): number {
  return scanner.scan(text).filter(({ kind, inAlt }) => kind === 'emphasis' && !inAlt).length;
}
