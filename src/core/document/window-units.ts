/** The pieces that windows are put together from: whole blocks, or parts of blocks that are large. */
import type { PictureSegment, Segment, SpanSegment } from '../../protocol/segments.js';

export interface WindowMeasure {
  /** Positions that one window has. */
  readonly limit: number;
  countTokens(text: string): number;
  /** Positions of one picture's patches. */
  readonly picturePositions: number;
}

/** A piece of the document that stays in one window. */
export interface Unit {
  readonly segments: readonly Segment[];
  readonly masked: boolean;
  /** The heading it begins with: its level and its lines. */
  readonly heading?: { readonly level: number; readonly text: string };
}

/** Positions that `segment` takes up when the model writes as much as it may; a span says how much that is. */
export function positionsOf(segment: Segment, measure: WindowMeasure): number {
  switch (segment.kind) {
    case 'text':
      return measure.countTokens(segment.text);
    case 'span': {
      const reserve = segment.length ?? segment.max ?? 0;
      return Math.max(measure.countTokens(segment.text), reserve);
    }
    case 'picture':
      return measure.picturePositions + 2;
  }
}

export function isMasked(segment: Segment): segment is SpanSegment | (PictureSegment & { masked: true }) {
  return segment.kind === 'span' || (segment.kind === 'picture' && segment.masked);
}

/** Cuts `segments` into units, in order; together they hold the same text. */
export function cutUnits(segments: readonly Segment[], measure: WindowMeasure): Unit[] {
  const fences = new FenceReader();
  const large = Math.floor(measure.limit / 4);
  return cutBlocks(segments).flatMap((block) => {
    const heading = fences.read(block);
    // Tokens of more than 16 characters are rare, so a text this long is large without counting.
    const characters = block.reduce(
      (sum, segment) => sum + (segment.kind === 'text' ? segment.text.length : 0),
      0,
    );
    const isLarge =
      characters > 16 * measure.limit ||
      block.reduce((sum, segment) => sum + positionsOf(segment, measure), 0) > large;
    const parts = isLarge ? cutLargeBlock(block, measure) : [block];
    return parts.map((part, index) => ({
      segments: part,
      masked: part.some(isMasked),
      ...(heading && index === 0 && { heading }),
    }));
  });
}

// Blank lines, and the line end before a heading.
const BLOCK_END = /\n(?:[ \t]*\n)+|\n(?= {0,3}#{1,6}[ \t])/g;

/** Runs of segments between blank lines and before headings; a block keeps the blank lines after it. */
function cutBlocks(segments: readonly Segment[]): Segment[][] {
  const blocks: Segment[][] = [];
  let block: Segment[] = [];
  for (const segment of segments) {
    if (segment.kind !== 'text') {
      block.push(segment);
      continue;
    }
    let at = 0;
    for (const gap of segment.text.matchAll(BLOCK_END)) {
      const end = gap.index + gap[0].length;
      block.push({ kind: 'text', text: segment.text.slice(at, end) });
      blocks.push(block);
      block = [];
      at = end;
    }
    if (at < segment.text.length) block.push({ kind: 'text', text: segment.text.slice(at) });
  }
  if (block.length > 0) blocks.push(block);
  return blocks;
}

/** Every span by itself, every picture with its `![alt](` and `)`, text in chunks that end at word boundaries. */
function cutLargeBlock(block: readonly Segment[], { limit }: WindowMeasure): Segment[][] {
  const characters = Math.max(16, Math.floor(limit / 8) * 4);
  const parts: Segment[][] = [];
  let picture: Segment[] | undefined;
  block.forEach((segment, index) => {
    if (segment.kind !== 'text') {
      if (picture) picture.push(segment);
      else parts.push([segment]);
      return;
    }
    let { text } = segment;
    if (picture) {
      // The closing parenthesis, and white space up to the end of the block.
      const end = text.trim() === ')' ? text.length : text.startsWith(')') ? 1 : 0;
      picture.push({ kind: 'text', text: text.slice(0, end) });
      text = text.slice(end);
    }
    const opensPicture = block[index + 1]?.kind === 'picture' && text.endsWith('](');
    const opening = opensPicture ? Math.max(0, text.lastIndexOf('![')) : text.length;
    for (const chunk of cutWords(text.slice(0, opening), characters))
      parts.push([{ kind: 'text', text: chunk }]);
    picture = opensPicture ? [{ kind: 'text', text: text.slice(opening) }] : undefined;
    if (picture) parts.push(picture);
  });
  return parts;
}

/** Chunks of up to `size` characters that begin with the space before a word; a longer word is cut. */
function cutWords(text: string, size: number): string[] {
  const chunks: string[] = [];
  const lastWordEnd = text.trimEnd().length;
  for (let start = 0; start < text.length;) {
    const end = start + size < lastWordEnd ? cutBefore(text, start, start + size) : text.length;
    chunks.push(text.slice(start, end));
    start = end;
  }
  return chunks;
}

/** The last place up to `end` where a word begins with its space; `end` itself within a long word. */
function cutBefore(text: string, start: number, end: number): number {
  for (let at = end; at > start + 1; at--) if (/\s/.test(text[at]!)) return at;
  return /[\uDC00-\uDFFF]/.test(text[end]!) ? end - 1 : end;
}

/** Tells headings from lines of code that look like them. */
class FenceReader {
  #fence: string | undefined;

  /** The heading that `block` begins with. */
  read(block: readonly Segment[]): Unit['heading'] | undefined {
    const text = block.map((segment) => (segment.kind === 'picture' ? '' : segment.text)).join('');
    const heading = this.#fence === undefined ? headingOf(text) : undefined;
    for (const [, fence = ''] of text.matchAll(/^ {0,3}(```+|~~~+)/gm)) {
      if (this.#fence === undefined) this.#fence = fence;
      else if (fence.startsWith(this.#fence)) this.#fence = undefined;
    }
    return heading;
  }
}

const HEADING = /^ {0,3}(#{1,6})[ \t]+\S.*/;
// One line of plain text, underlined.
const UNDERLINED = /^ {0,3}(?![>#|`~=]|(?:[-+*]|\d+[.)])[ \t])\S.*\n {0,3}(?:(=)=*|--*)[ \t]*(?=\n|$)/;

function headingOf(text: string): Unit['heading'] | undefined {
  const heading = HEADING.exec(text);
  if (heading) return { level: heading[1]!.length, text: heading[0].trim() };
  const underlined = UNDERLINED.exec(text);
  return underlined ? { level: underlined[1] ? 1 : 2, text: underlined[0].trim() } : undefined;
}
