import { describe, expect, it } from 'vitest';
import { ageText, freshRuns, oldest } from '../../../media/preview/freshness.js';

describe('ageText', () => {
  it('makes what a pass wrote new, and ages the rest by a pass', () => {
    const first = ageText(undefined, 'soup', [[0, 4]]);
    const second = ageText(first, 'hot soup', [[0, 4]]);
    expect([...second]).toEqual([0, 0, 0, 0, 1, 1, 1, 1]);
    expect([...ageText(second, 'hot soup', [])]).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
  });

  it('takes what was there at first as old', () => {
    expect([...ageText(undefined, 'ab', [])]).toEqual([oldest, oldest]);
  });

  it('bears ranges beyond the text and turned round', () => {
    expect([
      ...ageText(undefined, 'ab', [
        [1, 90],
        [2, 1],
      ]),
    ]).toEqual([oldest, 0]);
  });
});

describe('freshRuns', () => {
  it('finds runs of one age, without the white space around them and on one line each', () => {
    const text = 'one two\nthree';
    const ages = ageText(ageText(undefined, 'two', [[0, 3]]), text, [
      [0, 4],
      [7, 13],
    ]);
    expect(freshRuns(text, ages)).toEqual([
      { start: 0, end: 3, age: 0 },
      { start: 4, end: 7, age: 1 },
      { start: 8, end: 13, age: 0 },
    ]);
  });

  it('finds none in an old text', () => {
    expect(freshRuns('old', ageText(undefined, 'old', []))).toEqual([]);
  });
});
