/** The document as the engine sees it: see `protocol/segments.ts` for what the model form of a text is. */
import * as l10n from '@vscode/l10n';
import { defaultStrength } from '../../protocol/limits.js';
import type { PictureSegment, Segment, SpanSegment } from '../../protocol/segments.js';
import { modelText, spanPartsOf, trimmed } from './span-parts.js';
import { placeOf, splitLines, type Lines } from './lines.js';
import { isBlank, onOneLine, textWithoutMarks } from './text.js';
import type { DocumentWarning, DocumentWarningCode, MarkedDocument, Mask, Picture, Range } from './types.js';

export interface SegmentOptions {
  /** Whether a mask is to be refined; those that are not are context. */
  include(mask: Mask): boolean;
  /** How much of filled spans and existing pictures is corrupted, 0–1, where a mark does not say; left out, the usual. */
  readonly strength?: number;
  /** Absolute path of the picture that `destination` leads to; undefined when it is not at hand. */
  resolvePicture(destination: string): string | undefined;
}

export interface SegmentsResult {
  readonly segments: Segment[];
  readonly warnings: readonly DocumentWarning[];
}

/**
 * The whole document as segments: marks, front matter and byte order mark left out, line ends LF, titles of pictures
 * dropped, included masks as spans and masked pictures. Spans are surrounded as they are in training: an inline one
 * takes the space before it along, an own-line one has blank lines around it.
 */
export function toSegments(document: MarkedDocument, options: SegmentOptions): SegmentsResult {
  return new SegmentWriter(document, options).write();
}

type Item =
  | { readonly kind: 'span'; readonly range: Range; readonly mask: Mask }
  /** An empty mask that is not refined. */
  | { readonly kind: 'gap'; readonly range: Range; readonly mask: Mask }
  | { readonly kind: 'picture'; readonly range: Range; readonly picture: Picture };

class SegmentWriter {
  readonly #document: MarkedDocument;
  readonly #options: SegmentOptions;
  readonly #lines: Lines;
  readonly #included: ReadonlyMap<string, Mask>;
  readonly #items: readonly Item[];
  readonly #out = new SegmentList();
  readonly #warnings: DocumentWarning[] = [];
  #nextItem = 0;
  #contextPictures = 0;

  constructor(document: MarkedDocument, options: SegmentOptions) {
    this.#document = document;
    this.#options = options;
    this.#lines = splitLines(document.source);
    const included = document.masks.filter((mask) => options.include(mask));
    this.#included = new Map(included.map((mask) => [mask.id, mask]));
    const spans = document.masks
      .filter(({ id, kind, before }) => kind === 'text' && (this.#included.has(id) || isBlank(before)))
      .map((mask): Item => {
        const kind = this.#included.has(mask.id) ? 'span' : 'gap';
        return { kind, range: spanRange(document, mask), mask };
      });
    const pictures = document.layout.pictures.map((picture): Item => ({
      kind: 'picture',
      range: picture.range,
      picture,
    }));
    this.#items = [...spans, ...pictures].sort((a, b) => a.range.start - b.range.start);
  }

  write(): SegmentsResult {
    const { source, layout } = this.#document;
    this.#writeRange({ start: layout.bodyStart, end: source.length });
    return { segments: this.#out.finish(), warnings: this.#warnings };
  }

  #writeRange({ start, end }: Range): void {
    let at = start;
    for (
      let item = this.#items[this.#nextItem];
      item && item.range.start < end;
      item = this.#items[this.#nextItem]
    ) {
      this.#writeText({ start: at, end: item.range.start });
      if (item.kind === 'picture') this.#writePicture(item.picture);
      else if (item.kind === 'span') this.#writeSpan(item.mask);
      else this.#writeGap(item.mask);
      at = item.range.end;
    }
    this.#writeText({ start: at, end });
  }

  #writeText(range: Range): void {
    this.#out.addText(textWithoutMarks(this.#document.source, range, this.#document.layout.marks));
  }

  #writePicture(picture: Picture): void {
    this.#skipItems(picture.range.start + 1);
    const { source, layout } = this.#document;
    const mask = picture.maskId === undefined ? undefined : this.#included.get(picture.maskId);
    this.#out.addText('![');
    this.#writeRange(picture.alt);
    this.#out.addText('](');
    const alt = onOneLine(textWithoutMarks(source, picture.alt, layout.marks)).trim();
    const isSlot = picture.maskId !== undefined && !layout.spans.has(picture.maskId);
    this.#out.add(
      mask ? this.#maskedPicture(picture, mask, alt) : this.#contextPicture(picture, alt, isSlot),
    );
    this.#out.addText(')');
  }

  #maskedPicture(picture: Picture, mask: Mask, alt: string): PictureSegment {
    const { strength, style, size, seed, guidance } = mask.options;
    const isEmpty = mask.before === '';
    const file = isEmpty ? undefined : this.#options.resolvePicture(picture.destination);
    if (!isEmpty && file === undefined) {
      this.#warn(
        'picture-not-found',
        picture,
        l10n.t('The picture {0} is not at hand, so it is drawn from nothing.', picture.destination),
      );
    }
    return {
      kind: 'picture',
      id: mask.id,
      alt,
      masked: true,
      ...(file !== undefined && { file }),
      strength: file === undefined ? 1 : (strength ?? this.#options.strength ?? defaultStrength),
      ...(style !== undefined && { style }),
      ...(size !== undefined && { size }),
      ...(seed !== undefined && { seed }),
      ...(guidance !== undefined && { guidance }),
    };
  }

  #contextPicture(picture: Picture, alt: string, isSlot: boolean): PictureSegment {
    const file = isSlot ? undefined : this.#options.resolvePicture(picture.destination);
    if (!isSlot && file === undefined) {
      this.#warn(
        'picture-context-missing',
        picture,
        l10n.t(
          'The picture {0} is not at hand, so the model knows it by its alt text alone.',
          picture.destination,
        ),
      );
    }
    const id = `p${++this.#contextPictures}`;
    return { kind: 'picture', id, alt, masked: false, ...(file !== undefined && { file }), strength: 0 };
  }

  #writeSpan(mask: Mask): void {
    const { block } = this.#document.layout.spans.get(mask.id)!;
    const parts = spanPartsOf(this.#document, mask);
    const ids = parts.flatMap((part) => (part.kind === 'text' && part.id !== undefined ? part.id : []));
    if (block) this.#out.addBlankLine();
    for (const part of parts) {
      if (part.kind === 'picture') {
        const { range, picture } = part;
        this.#writeText({ start: range.start, end: picture.range.start });
        this.#writePicture(picture);
        this.#writeText({ start: picture.range.end, end: range.end });
        continue;
      }
      const text = modelText(this.#document, mask, part.range);
      if (part.id === undefined) {
        this.#out.addText(text);
        continue;
      }
      const { lead, core, trail } = trimmed(text);
      this.#out.addText(lead);
      const space = this.#out.takeSpaces();
      this.#out.add({
        ...this.#spanSegment(mask, part.id, ids, core === '' ? '' : space + core),
        ...(space !== '' && { spaced: true }),
      });
      if (core !== '') this.#out.addText(trail);
    }
    if (block) this.#out.addBlankLine();
    this.#skipItems(spanRange(this.#document, mask).end);
  }

  /** Closes up what is around an empty mask, so that no white space is doubled. */
  #writeGap(mask: Mask): void {
    const { source, layout } = this.#document;
    if (layout.spans.get(mask.id)!.block) this.#out.addBlankLine();
    else if (/[\s.,;:!?)]/.test(source[mask.range.end] ?? '\n')) this.#out.takeSpaces();
    this.#nextItem++;
  }

  /** The stretch `id` of `mask`; tokens that the mark counts are shared out between all its stretches `ids`. */
  #spanSegment(mask: Mask, id: string, ids: readonly string[], text: string): SpanSegment {
    const { strength, length, max, seed, guidance } = mask.options;
    const share = (tokens: number): number =>
      Math.max(1, Math.floor(tokens / ids.length) + (ids.indexOf(id) < tokens % ids.length ? 1 : 0));
    return {
      kind: 'span',
      id,
      form: mask.form === 'slot' ? 'inline' : mask.form,
      text,
      strength: text === '' ? 1 : (strength ?? this.#options.strength ?? defaultStrength),
      ...(length !== undefined && { length: share(length) }),
      ...(max !== undefined && { max: share(max) }),
      ...(seed !== undefined && { seed }),
      ...(guidance !== undefined && { guidance }),
    };
  }

  #skipItems(before: number): void {
    while ((this.#items[this.#nextItem]?.range.start ?? Infinity) < before) this.#nextItem++;
  }

  #warn(code: DocumentWarningCode, { range }: Picture, message: string): void {
    this.#warnings.push({ code, message, ...placeOf(this.#lines, range.start), range });
  }
}

/** Own-line marks take their whole lines with them, container prefix included. */
function spanRange({ layout }: MarkedDocument, mask: Mask): Range {
  return layout.spans.get(mask.id)?.block?.lines ?? mask.range;
}

/** Segments with the text between them joined. */
class SegmentList {
  readonly #segments: Segment[] = [];
  #text: string[] = [];
  /** At the start, and where a blank line has been written: blank lines that follow in the source are not. */
  #afterBlankLine = true;

  addText(text: string): void {
    const rest = this.#afterBlankLine ? withoutBlankLines(text) : text;
    if (rest === '') return;
    this.#afterBlankLine = false;
    this.#text.push(rest);
  }

  add(segment: Segment): void {
    this.#flush();
    this.#segments.push(segment);
    this.#afterBlankLine = false;
  }

  /** Parts what is before from what follows by exactly one blank line; at the start there is nothing to part. */
  addBlankLine(): void {
    const text = withoutFinalBlankLines(this.#text.join(''), this.#segments.length === 0);
    this.#text = text === '' && this.#segments.length === 0 ? [] : [text, '\n\n'];
    this.#afterBlankLine = true;
  }

  /** Takes the spaces at the end of the text; returns one space if they followed something on their line. */
  takeSpaces(): string {
    const text = this.#text.join('');
    let end = text.length;
    while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--;
    this.#text = [text.slice(0, end)];
    const follows = end > 0 ? text[end - 1] !== '\n' : this.#segments.length > 0;
    return end < text.length && follows ? ' ' : '';
  }

  /** White space at the end of the document says nothing and is left out. */
  finish(): Segment[] {
    if (this.#text.join('').trim() !== '') this.#flush();
    return this.#segments;
  }

  #flush(): void {
    const text = this.#text.join('');
    this.#text = [];
    if (text !== '') this.#segments.push({ kind: 'text', text });
  }
}

// A line of a quote that has only its marker is blank too.

function withoutBlankLines(text: string): string {
  const first = /[^ \t\n>]/.exec(text)?.index;
  const lineStart = text.lastIndexOf('\n', first) + 1;
  return first !== undefined || text.includes('>', lineStart) ? text.slice(lineStart) : '';
}

function withoutFinalBlankLines(text: string, isFirst: boolean): string {
  let end = text.trimEnd().length;
  for (;;) {
    const lineStart = text.lastIndexOf('\n', end - 1) + 1;
    const isWhole = isFirst || lineStart > 0;
    if (end === 0 || !isWhole || !/^[ \t>]*$/.test(text.slice(lineStart, end))) return text.slice(0, end);
    end = text.slice(0, lineStart).trimEnd().length;
  }
}
