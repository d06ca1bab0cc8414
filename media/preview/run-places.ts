import type { InsertedText } from '../../src/core/document/inserted.js';

/**
 * The way between the text that a run is shown in and the document as it is now. Marks that were put in for the run
 * are left out; what the author has changed since lies between what both texts begin and end with alike.
 */
export class RunPlaces {
  readonly #shown: InsertedText;
  readonly #document: string;
  #alike: { readonly begin: number; readonly end: number } | undefined;

  constructor(shown: InsertedText, document: string) {
    this.#shown = shown;
    this.#document = document;
  }

  toDocument(offset: number): number {
    return this.#across(this.#shown.toText(offset), this.#shown.text, this.#document);
  }

  fromDocument(offset: number): number {
    return this.#shown.toCopy(this.#across(offset, this.#document, this.#shown.text));
  }

  #across(offset: number, from: string, to: string): number {
    this.#alike ??= alike(this.#shown.text, this.#document);
    const { begin, end } = this.#alike;
    if (offset <= begin) return offset;
    const left = from.length - offset;
    return left <= end ? to.length - left : Math.min(offset, to.length - end);
  }
}

/** How much two texts begin, and then end, with alike. */
function alike(a: string, b: string): { begin: number; end: number } {
  const most = Math.min(a.length, b.length);
  let begin = 0;
  while (begin < most && a.charCodeAt(begin) === b.charCodeAt(begin)) begin += 1;
  let end = 0;
  while (end < most - begin && a.charCodeAt(a.length - 1 - end) === b.charCodeAt(b.length - 1 - end))
    end += 1;
  return { begin, end };
}
