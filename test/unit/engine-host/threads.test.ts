import { expect, test } from 'vitest';
import { chooseThreads, defaultThreads, threadCounts } from '../../../src/engine-host/threads.js';

test.each([
  [1, 1],
  [2, 2],
  [4, 2],
  [6, 3],
  [8, 4],
  [64, 4],
])('of %i hardware threads the engine uses %i where nothing is measured', (parallelism, threads) => {
  expect(defaultThreads(parallelism)).toBe(threads);
});

test.each([
  [1, [1]],
  [2, [1, 2]],
  [3, [1, 2]],
  [64, [1, 2, 4]],
])('of %i hardware threads it measures %j', (parallelism, counts) => {
  expect(threadCounts(parallelism)).toEqual(counts);
});

test.each<[why: string, milliseconds: number[], threads: number]>([
  ['they share the work', [100, 55, 30], 4],
  ['they are no faster', [100, 100, 100], 1],
  ['they are hardly faster', [100, 95, 91], 1],
  ['the machine is busy', [100, 180, 400], 1],
  ['only two of them are cores', [100, 55, 52], 2],
  ['there is but one', [100], 1],
])('of 1, 2 and 4 threads it chooses by speed, where %s: %j ms', (_, milliseconds, threads) => {
  const speeds = milliseconds.map((time, index) => ({ threads: 2 ** index, milliseconds: time }));
  expect(chooseThreads(speeds)).toBe(threads);
});
