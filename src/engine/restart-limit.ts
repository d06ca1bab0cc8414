/** Keeps a process that dies again and again from being started again and again. */

/** So many starts after a death, within so many milliseconds. */
const mostRestarts = 3;
const period = 5 * 60_000;

export class RestartLimit {
  /** When the process died, in the clock's milliseconds. */
  #deaths: number[] = [];

  /** @param now a clock that nobody sets: `performance.now` */
  constructor(private readonly now: () => number) {}

  /** Takes note that the process died. */
  died(): void {
    this.#deaths.push(this.now());
  }

  /** Milliseconds until the process may be started; 0 is at once. */
  wait(): number {
    const now = this.now();
    this.#deaths = this.#deaths.filter((death) => now - death < period);
    // One start more than restarts: the first one follows no death.
    const oldest = this.#deaths.at(-mostRestarts - 1);
    return oldest === undefined ? 0 : oldest + period - now;
  }
}
