/** Jobs in single file: each gets its turn when all that were asked for before it are over. */
export class Turns {
  #last: Promise<void> = Promise.resolve();
  #taken = 0;

  /** True when nobody has the turn or waits for it. */
  get areOver(): boolean {
    return this.#taken === 0;
  }

  /** Takes the place at the end of the queue. `end` must be called, also by one who did not wait for `come`. */
  take(): { readonly come: Promise<void>; readonly end: () => void } {
    const come = this.#last;
    let over!: () => void;
    const isOver = new Promise<void>((resolve) => (over = resolve));
    // One who leaves the queue early does not let the next one pass those before.
    this.#last = come.then(() => isOver);
    this.#taken += 1;
    return {
      come,
      end: () => {
        this.#taken -= 1;
        over();
      },
    };
  }
}

/** Settles as `promise` does, or resolves with undefined as soon as `signal` is aborted. */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal | undefined,
): Promise<T | undefined> {
  if (signal === undefined) return promise;
  if (signal.aborted) return undefined;
  let leave!: () => void;
  const aborted = new Promise<undefined>((resolve) => {
    leave = () => {
      resolve(undefined);
    };
  });
  signal.addEventListener('abort', leave);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
