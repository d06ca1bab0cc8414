/** Milliseconds between two paintings of what comes in a stream: fifteen a second. */
const interval = 1000 / 15;

/** Calls `paint` once for any number of requests, in an animation frame and at most fifteen times a second. */
export class Painter {
  readonly #paint: () => void;
  #last = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame: number | undefined;

  constructor(paint: () => void) {
    this.#paint = paint;
  }

  request(): void {
    if (this.#timer !== undefined || this.#frame !== undefined) return;
    const wait = this.#last + interval - performance.now();
    if (wait <= 0) this.#requestFrame();
    else {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#requestFrame();
      }, wait);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #requestFrame(): void {
    this.#frame = requestAnimationFrame(() => {
      this.#frame = undefined;
      this.#last = performance.now();
      this.#paint();
    });
  }
}
