import { lastAtMost } from './lines.js';
import type { Range } from './types.js';

/** A copy of a text with stretches put in, and the way between its offsets and those of the text. */
export class InsertedText {
  readonly #copy: string;
  readonly #inserted: readonly Range[];
  readonly #starts: readonly number[];
  /** Where, in the text, each of them was put in. */
  readonly #places: readonly number[];
  #text: string | undefined;

  /** `inserted` are ranges of `copy`, ascending. */
  constructor(copy: string, inserted: readonly Range[]) {
    this.#copy = copy;
    this.#inserted = inserted;
    this.#starts = inserted.map(({ start }) => start);
    let total = 0;
    this.#places = inserted.map(({ start, end }) => {
      const place = start - total;
      total += end - start;
      return place;
    });
  }

  /** The text as it is without them. */
  get text(): string {
    if (this.#text === undefined) {
      const parts: string[] = [];
      let at = 0;
      for (const { start, end } of this.#inserted) {
        parts.push(this.#copy.slice(at, start));
        at = end;
      }
      this.#text = parts.join('') + this.#copy.slice(at);
    }
    return this.#text;
  }

  /** Where an offset of the copy is in the text; what lies in an inserted stretch is where that was put in. */
  toText(offset: number): number {
    const index = lastAtMost(this.#starts, offset);
    const range = this.#inserted[index];
    return range ? this.#places[index]! + Math.max(0, offset - range.end) : offset;
  }

  /** Where an offset of the text is in the copy: behind what was put in there. */
  toCopy(offset: number): number {
    const index = lastAtMost(this.#places, offset);
    const range = this.#inserted[index];
    return range ? range.end + offset - this.#places[index]! : offset;
  }

  /** The inserted stretch with an offset of the copy strictly inside. */
  around(offset: number): Range | undefined {
    const range = this.#inserted[lastAtMost(this.#starts, offset)];
    return range && range.start < offset && offset < range.end ? range : undefined;
  }
}
