import { expect, test } from 'vitest';
import { defaultThreads } from '../../../src/engine-host/threads.js';

test.each([
  [1, 1],
  [2, 2],
  [4, 2],
  [6, 3],
  [8, 4],
  [64, 4],
])('of %i hardware threads the engine uses %i', (parallelism, threads) => {
  expect(defaultThreads(parallelism)).toBe(threads);
});
