/** Puts results in the place of masks. Nothing outside a mask is touched. */
import { writeDestination } from './destination.js';
import { applyEdits } from './edits.js';
import { fitInline } from './escaping.js';
import {
  modelText,
  outerLineEnds,
  spanPartsOf,
  trimmed,
  withoutPrefixes,
  type SpanPart,
} from './span-parts.js';
import { withLineFeeds } from './text.js';
import type { BlockLayout, MarkedDocument, Mask, Picture, Range } from './types.js';

/** What a run made of one segment: a span's text, or where a picture has been put. */
export type SegmentResult = { readonly text: string } | { readonly destination: string };

/** Results by segment id. */
export type Results = ReadonlyMap<string, SegmentResult>;

/** One replacement in the source. */
export interface Change {
  readonly maskId: string;
  /** What is replaced. */
  readonly range: Range;
  readonly text: string;
}

/** The document with every mask that has a result replaced by it; the others keep their marks. */
export function applyResults(document: MarkedDocument, results: Results): string {
  return applyEdits(document.source, planChanges(document, results));
}

/**
 * The changes that `applyResults` makes, ascending and disjoint. Slots within a span that is replaced are part of the
 * span's change. A result of the wrong kind (a text for a picture) counts as none.
 */
export function planChanges(document: MarkedDocument, results: Results): Change[] {
  const changes: Change[] = [];
  const slots = new Map(
    document.masks.flatMap((mask) => (mask.form === 'slot' ? [[mask.id, mask] as const] : [])),
  );
  const writer = new ResultWriter(document, results, slots);
  for (const mask of document.masks) {
    const text = writer.replacementOf(mask);
    if (text !== undefined) changes.push({ maskId: mask.id, range: mask.range, text });
  }
  // A span that is replaced contains the slots within it.
  changes.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  let end = 0;
  return changes.filter(({ range }) => {
    if (range.start < end) return false;
    end = range.end;
    return true;
  });
}

class ResultWriter {
  readonly #document: MarkedDocument;
  readonly #results: Results;
  readonly #slots: ReadonlyMap<string, Mask>;
  readonly #redrawn: ReadonlyMap<string, Picture>;

  constructor(document: MarkedDocument, results: Results, slots: ReadonlyMap<string, Mask>) {
    this.#document = document;
    this.#results = results;
    this.#slots = slots;
    this.#redrawn = new Map(
      document.layout.pictures.flatMap((picture) =>
        picture.maskId ? [[picture.maskId, picture] as const] : [],
      ),
    );
  }

  replacementOf(mask: Mask): string | undefined {
    if (mask.kind === 'text') return this.#textReplacement(mask);
    const result = this.#results.get(mask.id);
    if (!result || !('destination' in result)) return undefined;
    const destination = writeDestination(result.destination);
    if (mask.form === 'slot') return destination;
    return this.#redrawnPicture(mask, this.#redrawn.get(mask.id)!, destination);
  }

  /** The paragraph that the picture is (a link may be around it), without the lines of the marks. */
  #redrawnPicture(mask: Mask, picture: Picture, destination: string): string {
    const { source, layout } = this.#document;
    const { content, block } = layout.spans.get(mask.id)!;
    let { start, end } = content;
    while (/[\s>]/.test(source[start]!)) start++;
    while (/[\s>]/.test(source[end - 1]!)) end--;
    const image = withDestination(source, picture, destination);
    const { range } = picture;
    return (
      source.slice(start, range.start) + image + source.slice(range.end, end) + (block?.finalLineEnd ?? '')
    );
  }

  #textReplacement(mask: Mask): string | undefined {
    const parts = spanPartsOf(this.#document, mask);
    if (!parts.some((part) => this.#textFor(part) !== undefined)) return undefined;
    const { block } = this.#document.layout.spans.get(mask.id)!;
    return block ? this.#blockReplacement(mask, block, parts) : this.#inlineReplacement(mask, parts);
  }

  #textFor(part: SpanPart): string | undefined {
    if (part.kind !== 'text' || part.id === undefined) return undefined;
    const result = this.#results.get(part.id);
    return result && 'text' in result ? result.text : undefined;
  }

  #inlineReplacement(mask: Mask, parts: readonly SpanPart[]): string {
    const { source, layout } = this.#document;
    const { beginsLine, inLink, inEmphasis, touches } = layout.spans.get(mask.id)!;
    // Emphasis of the result would become one with the author's where they touch.
    const touching = (source[mask.range.start - 1] ?? '') + (source[mask.range.end] ?? '');
    const noEmphasis = inEmphasis || /[*_~]/.test(touching);
    const written = parts.map((part, index) => {
      const text = this.#textFor(part);
      if (text === undefined) return this.#unchanged(part);
      const current = source.slice(part.range.start, part.range.end);
      const lineEnds = outerLineEnds(current);
      const result = fitInline(text, {
        inCell: mask.form === 'cell',
        beginsLine: lineEnds.before !== '' || (beginsLine && index === 0),
        noLinks: inLink,
        noEmphasis,
      });
      // Space that the span began or ended with is kept where there is none outside.
      const { lead, core, trail } = trimmed(current);
      const isOpenBefore = index > 0 || /\S/.test(source[mask.range.start - 1] ?? ' ');
      const isOpenAfter = index < parts.length - 1 || /\S/.test(source[mask.range.end] ?? ' ');
      const isAfterPicture = index > 0 && core === '';
      // An empty span's only space parts it from words, not from a bracket, a quote or the end of a sentence.
      const isParted = core === '' ? touches : { before: true, after: true };
      const hasSpaceBefore = isOpenBefore && isParted.before && lead !== '';
      const spaceBefore = hasSpaceBefore || isAfterPicture ? ' ' : '';
      const spaceAfter = isOpenAfter && isParted.after && (core === '' ? lead : trail) !== '' ? ' ' : '';
      // Around nothing, line ends would be a blank line.
      if (result === '') return spaceBefore + spaceAfter;
      return (lineEnds.before || spaceBefore) + result + (lineEnds.after || spaceAfter);
    });
    return written.join('');
  }

  #blockReplacement(mask: Mask, block: BlockLayout, parts: readonly SpanPart[]): string {
    const text = parts
      .map((part) => {
        const result = this.#textFor(part);
        if (part.kind === 'picture') return withoutPrefixes(this.#unchanged(part), block, false);
        const current = modelText(this.#document, mask, part.range);
        if (result === undefined) return current;
        const { lead, trail } = trimmed(current);
        return lead + withoutOuterBlankLines(result) + trail;
      })
      .join('');
    return wrapBlock(withoutOuterBlankLines(text), block, this.#document.layout.lineEnd);
  }

  /** A part as it is, but for the slot that it may be. */
  #unchanged(part: SpanPart): string {
    const { source } = this.#document;
    const { start, end } = part.range;
    const picture = part.kind === 'picture' ? part.picture : undefined;
    const slot = picture?.maskId === undefined ? undefined : this.#slots.get(picture.maskId);
    const result = slot && this.#results.get(slot.id);
    if (!picture || !result || !('destination' in result)) return source.slice(start, end);
    const image = withDestination(source, picture, writeDestination(result.destination));
    return source.slice(start, picture.range.start) + image + source.slice(picture.range.end, end);
  }
}

/** The image with another destination; one whose destination is defined elsewhere gets its own. */
function withDestination(
  source: string,
  { range, alt, destinationRange }: Picture,
  destination: string,
): string {
  if (!destinationRange) return `![${source.slice(alt.start, alt.end)}](${destination})`;
  return (
    source.slice(range.start, destinationRange.start) +
    destination +
    source.slice(destinationRange.end, range.end)
  );
}

/** LF line ends, no blank lines at either end, and no indentation by accident: up to three spaces go. */
function withoutOuterBlankLines(text: string): string {
  const lines = withLineFeeds(text).trimEnd();
  const first = /\S/.exec(lines)?.index ?? 0;
  return lines.slice(lines.lastIndexOf('\n', first) + 1).replace(/^ {1,3}(?! )/, '');
}

// What begins a block of its own right under a paragraph.
const INTERRUPTS_PARAGRAPH = /^(?:#{1,6}(?:[ \t]|$)|>|[-+*][ \t]+\S|1[.)][ \t]+\S|```|~~~)/;
const LIST_ITEM = /^(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$)/;

function needsBlankLineBefore(text: string, above: BlockLayout['above']): boolean {
  if (above === 'nothing' || (above === 'item' && LIST_ITEM.test(text))) return false;
  return above === 'html' || !INTERRUPTS_PARAGRAPH.test(text);
}

function needsBlankLineAfter(text: string, below: BlockLayout['below']): boolean {
  const lastBlock = text.slice(text.lastIndexOf('\n\n') + 1).trimStart();
  return below === 'text' || (below === 'item' && !LIST_ITEM.test(lastBlock));
}

/** A block result on lines that continue the mark's containers. The first line's prefix is there already. */
function wrapBlock(text: string, block: BlockLayout, lineEnd: string): string {
  const lines = text.split('\n');
  if (text !== '') {
    if (needsBlankLineBefore(text, block.above)) lines.unshift('');
    if (needsBlankLineAfter(text, block.below)) lines.push('');
  }
  const prefixed = lines.map((line, index) => {
    if (index === 0) return line;
    return line.trim() === '' ? block.prefix.trimEnd() : block.prefix + line;
  });
  return prefixed.join(lineEnd) + block.finalLineEnd;
}
