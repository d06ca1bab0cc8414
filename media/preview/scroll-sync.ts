import type { DocumentView } from './document-view.js';

/** Milliseconds after a scroll by one side in which the other's echo is not answered. */
const echoTime = 250;
/** Pixels below the edge that count as the top: what a reader looks at. */
const readingLine = 24;
/** Sections of a long document get their true heights in the frames after they have come near. */
const settlingFrames = 6;

/** Keeps the page and the editor at the same place, whichever of them is scrolled. */
export class ScrollSync {
  readonly #scroller: HTMLElement;
  readonly #view: DocumentView;
  readonly #onScrolled: (offset: number) => void;
  readonly #scrolled = (): void => {
    if (performance.now() < this.#quietUntil) return;
    this.#wanted = undefined;
    if (this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#onScrolled(this.offset);
    });
  };
  #quietUntil = 0;
  /** Where to go on, while the document has not come as far. */
  #wanted: number | undefined;
  #frame: number | undefined;
  #settling: number | undefined;

  constructor(scroller: HTMLElement, view: DocumentView, onScrolled: (offset: number) => void) {
    this.#scroller = scroller;
    this.#view = view;
    this.#onScrolled = onScrolled;
    scroller.addEventListener('scroll', this.#scrolled, { passive: true });
  }

  /** The offset in the source of what is at the top. */
  get offset(): number {
    return this.#view.offsetAt(this.#scroller.scrollTop + readingLine - this.#viewTop());
  }

  /** Scrolls so that `offset` is at the top, without telling of it. */
  reveal(offset: number): void {
    this.#wanted = offset;
    this.settle();
  }

  /** More of the document has come: what was to be revealed stays at the top, unless the reader has scrolled since. */
  settle(): void {
    if (this.#wanted === undefined) return;
    this.#goTo(this.#wanted);
    this.#goOn(settlingFrames);
  }

  /** Goes to what is wanted in so many frames more, and is done then if all of the document is there. */
  #goOn(frames: number): void {
    if (this.#settling !== undefined) cancelAnimationFrame(this.#settling);
    this.#settling = requestAnimationFrame(() => {
      this.#settling = undefined;
      if (this.#wanted === undefined) return;
      this.#goTo(this.#wanted);
      if (frames > 1) this.#goOn(frames - 1);
      else if (this.#view.isComplete) this.#wanted = undefined;
    });
  }

  #goTo(offset: number): void {
    this.#quietUntil = performance.now() + echoTime;
    const top = offset === 0 ? 0 : this.#view.placeOf(offset) + this.#viewTop() - readingLine;
    this.#scroller.scrollTop = Math.max(0, top);
  }

  dispose(): void {
    this.#scroller.removeEventListener('scroll', this.#scrolled);
    for (const frame of [this.#frame, this.#settling]) if (frame !== undefined) cancelAnimationFrame(frame);
  }

  /** Where the view begins in what is scrolled. */
  #viewTop(): number {
    const { root } = this.#view;
    return (
      root.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top + this.#scroller.scrollTop
    );
  }
}
