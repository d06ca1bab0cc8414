import { InsertedText } from '../../src/core/document/inserted.js';
import type { PreviewFrame, PreviewRun, PreviewRunEnd } from '../../src/protocol/preview-messages.js';
import { ageText, type Ages } from './freshness.js';

/** A run as far as the page knows it: its frames, and how old every character of every text is. */
export class RunRecord {
  readonly run: PreviewRun;
  /** The text that it is shown in. */
  readonly text: InsertedText;
  readonly #frames: PreviewFrame[] = [];
  /** Per frame, by the id of a span. */
  readonly #ages: ReadonlyMap<string, Ages>[] = [];
  /** Per frame, by the id of a picture: the last decoded picture up to there. */
  readonly #decoded: ReadonlyMap<string, Uint8Array<ArrayBuffer>>[] = [];
  /** Pictures that were asked for, by pass and then by id. */
  readonly #drawn = new Map<number, ReadonlyMap<string, Uint8Array<ArrayBuffer>>>();
  end: PreviewRunEnd | undefined;
  #bytes = 0;

  constructor(run: PreviewRun) {
    this.run = run;
    this.text = new InsertedText(run.text, run.inserted);
  }

  /** Bytes that it holds, about. */
  get bytes(): number {
    return this.#bytes;
  }

  get frameCount(): number {
    return this.#frames.length;
  }

  /** Passes done. */
  get pass(): number {
    return this.#frames.at(-1)?.pass ?? 0;
  }

  /** Passes planned; those of a run that has ended are those that it took. */
  get passes(): number {
    if (this.end !== undefined && this.pass > 0) return this.pass;
    return Math.max(this.#frames.at(-1)?.passes ?? this.run.passes, this.pass, 1);
  }

  get seconds(): number {
    return this.end?.seconds ?? this.#frames.at(-1)?.seconds ?? 0;
  }

  /** Takes the frames that come after those it has; others (sent again after a reload) are known. */
  add(frames: readonly PreviewFrame[]): void {
    for (const frame of frames) {
      if (frame.pass <= this.pass && this.#frames.length > 0) continue;
      const before = this.#ages.at(-1);
      this.#ages.push(
        new Map(
          frame.spans.map(({ id, text, fresh }) => {
            // Before the first frame stood the text that the run began with: of it nothing is new.
            return [id, ageText(before?.get(id), text, before === undefined ? [] : fresh)];
          }),
        ),
      );
      const decoded = frame.pictures.flatMap(({ id, png }) => (png ? [[id, png] as const] : []));
      const last = this.#decoded.at(-1) ?? new Map<string, Uint8Array<ArrayBuffer>>();
      this.#decoded.push(decoded.length > 0 ? new Map([...last, ...decoded]) : last);
      this.#frames.push(frame);
      for (const { text } of frame.spans) this.#bytes += 4 * text.length;
      for (const { preview, png } of frame.pictures) this.#bytes += preview.rgb.length + (png?.length ?? 0);
    }
  }

  /** The frame shown at a place of the timeline, 0 – `frameCount` − 1. */
  frame(index: number): PreviewFrame | undefined {
    return this.#frames[Math.min(index, this.#frames.length - 1)];
  }

  ages(index: number): ReadonlyMap<string, Ages> | undefined {
    return this.#ages[Math.min(index, this.#ages.length - 1)];
  }

  /** The pictures as the decoder saw them last before a place of the timeline. */
  decoded(index: number): ReadonlyMap<string, Uint8Array<ArrayBuffer>> | undefined {
    return this.#decoded[Math.min(index, this.#decoded.length - 1)];
  }

  addDrawn(
    pass: number,
    pictures: readonly { readonly id: string; readonly png: Uint8Array<ArrayBuffer> }[],
  ): void {
    this.#drawn.set(pass, new Map(pictures.map(({ id, png }) => [id, png])));
    for (const { png } of pictures) this.#bytes += png.length;
  }

  drawn(pass: number): ReadonlyMap<string, Uint8Array<ArrayBuffer>> | undefined {
    return this.#drawn.get(pass);
  }

  finish(end: PreviewRunEnd): void {
    this.end = end;
    for (const { source } of end.pictures) this.#bytes += 'png' in source ? source.png.length : 0;
  }
}
