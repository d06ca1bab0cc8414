/**
 * A masked span may hold pictures, which stay as they are, with a link or emphasis that is around them alone: what is
 * refined are the stretches of text between them.
 */
import { stripPrefix } from './containers.js';
import { countWhile } from './lines.js';
import { onOneLine, withLineFeeds } from './text.js';
import type { BlockLayout, MarkedDocument, Mask, Picture, Range } from './types.js';

export type SpanPart =
  /** A stretch without `id` is white space and what makes lists, quotes and tables; it stays as it is. */
  | { readonly kind: 'text'; readonly range: Range; readonly id?: string }
  | { readonly kind: 'picture'; readonly range: Range; readonly picture: Picture };

/** A text as it is in the model, apart from the white space around it. */
export interface Trimmed {
  readonly lead: string;
  readonly core: string;
  readonly trail: string;
}

/** Whether there is nothing in `text` but white space and what makes lists, quotes and tables. */
export function isStructure(text: string): boolean {
  return STRUCTURE.test(text);
}

const STRUCTURE = /^(?:[\s>|*_~#+=:-]|\d{1,9}[.)](?=\s))*$/;

/**
 * The parts of a masked text span, in order. Stretches are named after the mask: `m1`, then `m1.2`, `m1.3`. Of a span
 * with nothing but pictures the stretch after the last is refined, so that every mask has at least one.
 */
export function spanPartsOf(document: MarkedDocument, mask: Mask): SpanPart[] {
  const { content } = document.layout.spans.get(mask.id)!;
  const parts: SpanPart[] = [];
  let count = 0;
  const addText = (range: Range, isNeeded: boolean): void => {
    if (isStructure(document.source.slice(range.start, range.end)) && !isNeeded)
      parts.push({ kind: 'text', range });
    else parts.push({ kind: 'text', range, id: ++count === 1 ? mask.id : `${mask.id}.${count}` });
  };
  let at = content.start;
  for (const picture of picturesWithin(document.layout.pictures, content)) {
    const { outer } = picture;
    const range = outer.start >= at && outer.end <= content.end ? outer : picture.range;
    addText({ start: at, end: range.start }, false);
    parts.push({ kind: 'picture', range, picture });
    at = range.end;
  }
  addText({ start: at, end: content.end }, count === 0);
  return parts;
}

/** The mask that a segment comes from: the other way of what `spanPartsOf` names. */
export function maskOfSegment(id: string): string {
  return id.replace(/\..*$/, '');
}

function picturesWithin(pictures: readonly Picture[], { start, end }: Range): readonly Picture[] {
  const firstFrom = (offset: number): number => countWhile(pictures, ({ range }) => range.start < offset);
  return pictures.slice(firstFrom(start), firstFrom(end));
}

/** Model form of `range` within a masked span: LF, container prefixes taken off; inline ones on one line. */
export function modelText(document: MarkedDocument, mask: Mask, range: Range): string {
  const { block, content } = document.layout.spans.get(mask.id)!;
  const text = document.source.slice(range.start, range.end);
  if (mask.form === 'cell') return onOneLine(text).replace(/\\\|/g, '|');
  if (!block) return onOneLine(text);
  return withoutPrefixes(text, block, range.start === content.start);
}

/** LF line ends and no container prefixes. The first line has one only if `fromLineStart`. */
export function withoutPrefixes(text: string, block: BlockLayout, fromLineStart: boolean): string {
  return withLineFeeds(text)
    .split('\n')
    .map((line, index) => {
      const hasPrefix = index > 0 || fromLineStart;
      return hasPrefix ? (stripPrefix(line, block) ?? line) : line;
    })
    .join('\n');
}

export function trimmed(text: string): Trimmed {
  const core = text.trim();
  const start = core === '' ? text.length : text.length - text.trimStart().length;
  return { lead: text.slice(0, start), core, trail: text.slice(start + core.length) };
}

/**
 * The line end that an inline text begins with and the one that it ends with, each with the white space around it and
 * the container prefix behind it; '' where there is none. They are the author's lines and no part of what is refined: a
 * mask that would begin a line has its opener at the end of the line above.
 */
export function outerLineEnds(text: string): { readonly before: string; readonly after: string } {
  const before = /^[ \t]*(?:\r\n?|\n)[ \t>]*/.exec(text)?.[0] ?? '';
  const rest = text.slice(before.length);
  const last = /(?:\r\n?|\n)[ \t>]*$/.exec(rest)?.index;
  return { before, after: last === undefined ? '' : rest.slice(rest.slice(0, last).trimEnd().length) };
}
