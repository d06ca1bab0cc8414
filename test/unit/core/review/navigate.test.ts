import { describe, expect, it } from 'vitest';
import { coverOf, hunkAt, hunksIn, nextHunk, previousHunk } from '../../../../src/core/review/index.js';
import { accepted, reviewOf } from './support.js';

// Offsets: b 2–3, c 3–5, e 8–9.
const review = reviewOf('a {b|1}{cd|2} x {e|3} y');

describe('going from hunk to hunk', () => {
  it('goes on to the next and around the end', () => {
    expect([0, 2, 3, 6, 8, 9].map((offset) => nextHunk(review, offset)?.id)).toEqual([
      ...['r:m1', 'r:m2', 'r:m3', 'r:m3', 'r:m1', 'r:m1'],
    ]);
  });

  it('goes back to the one before and around the beginning', () => {
    expect([11, 8, 4, 3, 2, 0].map((offset) => previousHunk(review, offset)?.id)).toEqual([
      ...['r:m3', 'r:m2', 'r:m1', 'r:m1', 'r:m3', 'r:m3'],
    ]);
  });

  it('passes over accepted ones, and finds none where none is open', () => {
    expect(nextHunk(accepted(review, 'r:m2'), 2)?.id).toBe('r:m3');
    expect(nextHunk(accepted(review), 0)).toBeUndefined();
    expect(previousHunk(accepted(review), 0)).toBeUndefined();
  });

  it('visits each hunk once a round, in both directions', () => {
    const round = (step: typeof nextHunk): string[] => {
      const visited: string[] = [];
      let at = 0;
      for (let count = 0; count < 3; count += 1) {
        const next = step(review, at)!;
        visited.push(next.id);
        at = next.place.start;
      }
      return visited;
    };
    expect(round(nextHunk)).toEqual(['r:m1', 'r:m2', 'r:m3']);
    expect(round(previousHunk)).toEqual(['r:m3', 'r:m2', 'r:m1']);
  });
});

describe('choosing hunks', () => {
  it('finds the one at an offset: of two that meet there the one that begins', () => {
    expect([1, 2, 3, 4, 5, 6].map((offset) => hunkAt(review, offset)?.id)).toEqual([
      ...[undefined, 'r:m1', 'r:m2', 'r:m2', 'r:m2', undefined],
    ]);
  });

  it('finds those in a range', () => {
    const idsIn = (start: number, end: number) => hunksIn(review, { start, end }).map(({ id }) => id);
    expect(idsIn(0, 12)).toEqual(['r:m1', 'r:m2', 'r:m3']);
    expect(idsIn(0, 3)).toEqual(['r:m1']);
    expect(idsIn(4, 8)).toEqual(['r:m2']);
    expect(idsIn(3, 3)).toEqual(['r:m1', 'r:m2']);
    expect(idsIn(6, 7)).toEqual([]);
  });
});

describe('what hunks cover', () => {
  it('is what lies in one of them, whatever lies in between', () => {
    const isCovered = coverOf(review.hunks);
    const covered = ['2–3', '3–5', '4–4', '8–9'];
    const others = ['0–0', '1–3', '2–4', '6–7', '8–10'];
    const isRangeCovered = (range: string): boolean => {
      const [start, end] = range.split('–').map(Number);
      return isCovered({ start: start!, end: end! });
    };
    expect(covered.filter(isRangeCovered)).toEqual(covered);
    expect(others.filter(isRangeCovered)).toEqual([]);
    expect(coverOf([])({ start: 0, end: 0 })).toBe(false);
  });

  it('is known of those that overlap', () => {
    const [first, second] = review.hunks;
    const wide = { ...first!, place: { start: 0, end: 9 } };
    expect(coverOf([wide, second!])({ start: 6, end: 8 })).toBe(true);
  });
});
