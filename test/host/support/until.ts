/** Waiting for what comes in its own time. */

const interval = 20;

/**
 * Resolves with the first value of `look` that is neither undefined nor false.
 * @param what for the message: `the hunk to be pending`
 * @param limit milliseconds after which it rejects
 */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
  limit = 20_000,
): Promise<T> {
  const end = performance.now() + limit;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`Waited ${limit / 1000} s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, interval));
  }
}
