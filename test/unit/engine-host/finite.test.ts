import { expect, test } from 'vitest';
import { areFinite } from '../../../src/engine-host/finite.js';

test.each([NaN, Infinity, -Infinity])('one %d is found wherever it stands in short rows', (value) => {
  for (const length of [1, 3, 4, 7, 9]) {
    for (let at = 0; at < length; at += 1) {
      const numbers = new Float32Array(length).fill(1);
      numbers[at] = value;
      expect(areFinite(numbers, length)).toBe(false);
      expect(areFinite(numbers, 1)).toBe(false);
    }
  }
});

test('infinities that would cancel each other are found', () => {
  expect(areFinite(Float32Array.of(Infinity, -Infinity, 0, 0), 4)).toBe(false);
});

test('of long rows a whole row and a whole column that are not finite are found', () => {
  const [rows, rowLength] = [5, 1003];
  for (let bad = 0; bad < rows; bad += 1) {
    const numbers = new Float32Array(rows * rowLength).fill(1);
    numbers.fill(NaN, bad * rowLength, (bad + 1) * rowLength);
    expect(areFinite(numbers, rowLength)).toBe(false);
  }
  for (const bad of [0, 300, 1002]) {
    const numbers = new Float32Array(rows * rowLength).fill(1);
    for (let row = 0; row < rows; row += 1) numbers[row * rowLength + bad] = Infinity;
    expect(areFinite(numbers, rowLength)).toBe(false);
  }
});

test('the largest numbers there are may stand in any number side by side', () => {
  const largest = 3.4028234663852886e38;
  expect(areFinite(new Float32Array(1_000_003).fill(largest), 1_000_003)).toBe(true);
  expect(areFinite(new Float32Array(0), 8192)).toBe(true);
});
