import { availableParallelism } from 'node:os';

/**
 * Threads of one session when the owner sets none: half of what the machine offers, since the other half is
 * usually hyper-threads, at least two where there are two, and never more than four, so that the author's
 * editor stays responsive. The same number of threads gives the same bytes.
 */
export function defaultThreads(parallelism = availableParallelism()): number {
  return Math.min(parallelism, Math.max(2, Math.min(4, Math.floor(parallelism / 2))));
}
