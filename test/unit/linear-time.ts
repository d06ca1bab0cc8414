import { expect } from 'vitest';

const factor = 4;
/** Between what is linear (4) and what is quadratic (16). */
const mostGrowth = 8;
/** Milliseconds of CPU time that tell nothing: what is quadratic takes more at the sizes that tests use. */
const negligible = 25;
const attempts = 4;

/**
 * Expects that `work` on four times as much takes about four times as long. CPU time and a ratio of two sizes, so that
 * neither a slow machine nor a busy one matters; what else the process does for a moment is met by another attempt.
 * @param size of the larger piece of work, in whatever unit
 */
export function expectLinearTime(work: (size: number) => void, size: number, what: string): void {
  let [small, large] = [Infinity, Infinity];
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    small = Math.min(small, cpuTime(work, Math.floor(size / factor)));
    large = Math.min(large, cpuTime(work, size));
    if (large < Math.max(negligible, mostGrowth * small)) return;
  }
  expect.fail(`${what} takes ${small.toFixed(1)} ms, and ${large.toFixed(1)} ms for ${factor} times as much`);
}

function cpuTime(work: (size: number) => void, size: number): number {
  const before = process.cpuUsage();
  work(size);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
