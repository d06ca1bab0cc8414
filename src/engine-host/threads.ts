import { availableParallelism } from 'node:os';
import type { ThreadSpeed } from '../protocol/devices.js';

/** More would make the author's editor wait. */
const mostThreads = 4;

/** A number of threads is taken for a smaller one only when it takes at most this share of the smaller one's time. */
const worthwhile = 0.9;

/**
 * Threads of one session where nothing is measured: half of what the machine offers, since the other half is usually
 * hyper-threads, at least two where there are two. The same number of threads gives the same bytes.
 */
export function defaultThreads(parallelism = availableParallelism()): number {
  return Math.min(parallelism, Math.max(2, Math.min(mostThreads, Math.floor(parallelism / 2))));
}

/** The numbers of threads that are worth measuring. */
export function threadCounts(parallelism = availableParallelism()): number[] {
  return [1, 2, mostThreads].filter((count) => count <= parallelism);
}

/**
 * The number of threads to run on: more only where they are clearly faster, since on a machine that is busy they wait
 * for each other.
 * @param speeds by rising number of threads
 */
export function chooseThreads(speeds: readonly ThreadSpeed[]): number {
  return speeds.reduce((chosen, candidate) =>
    candidate.milliseconds <= chosen.milliseconds * worthwhile ? candidate : chosen,
  ).threads;
}
