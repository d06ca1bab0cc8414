import { expect, test } from 'vitest';
import { areFinite } from '../../../src/engine-host/finite.js';

test.each([NaN, Infinity, -Infinity])('one %d is found wherever it stands', (value) => {
  for (const length of [1, 3, 4, 7, 9]) {
    for (let at = 0; at < length; at += 1) {
      const numbers = new Float32Array(length).fill(1);
      numbers[at] = value;
      expect(areFinite(numbers)).toBe(false);
    }
  }
});

test('infinities that would cancel each other are found', () => {
  expect(areFinite(Float32Array.of(Infinity, -Infinity, 0, 0))).toBe(false);
});

test('the largest numbers there are may stand in any number side by side', () => {
  const largest = 3.4028234663852886e38;
  expect(areFinite(new Float32Array(1_000_003).fill(largest))).toBe(true);
  expect(areFinite(new Float32Array(0))).toBe(true);
});
