/** From spans, slots and their options to numbered masks. */
import * as l10n from '@vscode/l10n';
import { lineAt, placeOf, prevailingLineEnd, type Lines } from './lines.js';
import type { MarkFault } from './mark-scan.js';
import { readMaskOptions, splitSlotQuery } from './options.js';
import type { MarkPair } from './pairs.js';
import type { FoundPicture } from './pictures.js';
import type { Span } from './spans.js';
import { isBlank, onOneLine, textWithoutMarks } from './text.js';
import type {
  DocumentWarning,
  DocumentWarningCode,
  MarkedDocument,
  Mask,
  MaskOptions,
  Picture,
  Range,
  SpanLayout,
} from './types.js';

/** A mask before it has its id. */
interface MaskDraft {
  readonly mask: Omit<Mask, 'id'>;
  readonly offset: number;
  readonly layout?: SpanLayout;
  readonly picture?: FoundPicture;
}

/** Collects masks and what is wrong or doubtful about them. */
export class MaskBuilder {
  readonly faults: MarkFault[] = [];
  readonly #source: string;
  readonly #lines: Lines;
  readonly #marks: readonly Range[];
  readonly #pictures: readonly FoundPicture[];
  readonly #byFreeStart: ReadonlyMap<number, FoundPicture>;
  readonly #drafts: MaskDraft[] = [];
  readonly #warnings: DocumentWarning[] = [];

  constructor(source: string, lines: Lines, marks: readonly Range[], pictures: readonly FoundPicture[]) {
    this.#source = source;
    this.#lines = lines;
    this.#marks = marks;
    this.#pictures = pictures;
    this.#byFreeStart = new Map(pictures.map((picture) => [picture.freeStart, picture]));
  }

  /** The span that `pair` marks: text, or a picture to redraw. */
  addSpan({ opener }: MarkPair, span: Span): void {
    const picture = span.lonePicture && this.#byFreeStart.get(span.lonePicture.start);
    const before = this.#source.slice(span.layout.content.start, span.layout.content.end);
    if (picture?.isSlot) {
      const message = l10n.t(
        'This picture is an image slot already; remove the marks around it, and give options in the slot as `mask:?seed=7`.',
      );
      this.faults.push({ code: 'slot-in-picture-mask', message, offset: opener.mark.start });
      return;
    }
    const kind = picture ? 'image' : 'text';
    const empty = picture ? picture.destination === '' : isBlank(before);
    const options = this.#readOptions(readMaskOptions(opener.mark.options, kind, empty));
    const offset = opener.mark.start;
    this.#drafts.push({
      mask: {
        kind,
        form: span.form,
        ...placeOf(this.#lines, offset),
        range: span.range,
        before: picture ? picture.destination : before,
        ...(picture && { alt: this.#altOf(picture) }),
        options,
      },
      offset,
      layout: span.layout,
      ...(picture && { picture }),
    });
    if (span.warnsOfLineStart) {
      this.#warn(
        'inline-mark-begins-line',
        opener.mark,
        l10n.t(
          'This mark begins a line, so other Markdown viewers show the line as raw HTML; put the marks alone on lines of their own, or begin the mask after the first word.',
        ),
      );
    }
  }

  /** An image whose destination is `mask:`. */
  addSlot(picture: FoundPicture): void {
    const range = picture.destinationRange!;
    const offset = picture.range.start;
    const query = splitSlotQuery(picture.destination, range, this.#source.slice(range.start, range.end));
    if (query.fault) this.faults.push(query.fault);
    const options = this.#readOptions(readMaskOptions(query.options, 'image', true));
    const alt = this.#altOf(picture);
    const mask = {
      kind: 'image',
      form: 'slot',
      ...placeOf(this.#lines, offset),
      range,
      before: '',
      alt,
      options,
    } as const;
    this.#drafts.push({ mask, offset, picture });
    if (picture.alt.start === picture.alt.end) {
      this.#warn(
        'slot-without-alt',
        picture.range,
        l10n.t(
          'This image slot has no alt text to say what to draw; write it as in `![a bowl of soup](mask:)`.',
        ),
      );
    }
  }

  /** Something written like a mark that is text because of the HTML block around it. */
  addTextInHtml(mark: Range): void {
    const lineStart = this.#lines.starts[lineAt(this.#lines, mark.start)]!;
    const beginsLine = isBlank(this.#source.slice(lineStart, mark.start));
    this.#warn(
      'mark-in-html',
      mark,
      beginsLine
        ? l10n.t(
            'This mark is plain text, because it stands in an HTML block; leave a blank line before it, which ends that block.',
          )
        : l10n.t(
            'This mark is plain text, because it stands in an HTML block; put it on a line of its own with a blank line before it, which ends that block.',
          ),
    );
  }

  /** The document, if no faults were found. */
  finish(bodyStart: number): MarkedDocument {
    const drafts = [...this.#drafts].sort((a, b) => a.offset - b.offset);
    const masks: Mask[] = [];
    const spans = new Map<string, SpanLayout>();
    const maskIds = new Map<FoundPicture, string>();
    drafts.forEach(({ mask, layout, picture }, index) => {
      const id = `m${index + 1}`;
      masks.push({ id, ...mask });
      if (layout) spans.set(id, layout);
      if (picture) maskIds.set(picture, id);
    });
    const pictures = this.#pictures.map((picture): Picture => {
      const { range, outer, alt, destination, destinationRange } = picture;
      const maskId = maskIds.get(picture);
      return {
        range,
        outer,
        alt,
        destination,
        ...(destinationRange && { destinationRange }),
        ...(maskId && { maskId }),
      };
    });
    const warnings = [...this.#warnings].sort((a, b) => a.range.start - b.range.start);
    const lineEnd = prevailingLineEnd(this.#source);
    return {
      source: this.#source,
      masks,
      warnings,
      layout: { bodyStart, marks: this.#marks, spans, pictures, lineEnd },
    };
  }

  #readOptions(result: ReturnType<typeof readMaskOptions>): MaskOptions {
    if (result.ok) return result.options;
    this.faults.push(result.fault);
    return {};
  }

  #altOf({ alt }: FoundPicture): string {
    return onOneLine(textWithoutMarks(this.#source, alt, this.#marks)).trim();
  }

  #warn(code: DocumentWarningCode, { start, end }: Range, message: string): void {
    this.#warnings.push({ code, message, ...placeOf(this.#lines, start), range: { start, end } });
  }
}
