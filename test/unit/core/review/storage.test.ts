import { describe, expect, it } from 'vitest';
import type { Review } from '../../../../src/core/review/index.js';
import { restoreReview, saveReview } from '../../../../src/core/review/storage.js';
import { accepted, edited, provenance, reviewOf, shown, written } from './support.js';
import { beginRun, emptyReview, inOrder } from '../../../../src/core/review/index.js';

const overReload = (review: Review, text = review.text): Review => {
  const restored = restoreReview(JSON.parse(JSON.stringify(saveReview(review))), text);
  if (!restored) throw new Error('not restored');
  return restored;
};

describe('a review over a reload', () => {
  const review = reviewOf('Slice {two|2} onions and boil them in {water|wine} for long.');

  it('is the same with the same text', () => {
    expect(overReload(review)).toEqual(review);
  });

  it('drops what is accepted or still being made, and keeps what is displaced', () => {
    expect(shown(overReload(accepted(review, 'r:m1')))).toBe(
      'Slice 2 onions and boil them in {p:water} for long.',
    );
    const displaced = edited(review, [7, 1, '']);
    expect(shown(overReload(displaced))).toBe('Slice {d:to} onions and boil them in {p:water} for long.');
    expect(shown(edited(overReload(displaced), [7, 0, 'w']))).toBe(shown(review));
    const { text, anchors } = written('a {b|c}');
    expect(overReload(beginRun(emptyReview(text), 'r', anchors, provenance, text)).hunks).toEqual([]);
  });

  it('brings back what a run that it cuts off was about to replace', () => {
    const { text, anchors } = written('Slice {two onions|3} and boil them in water for long.');
    const begun = beginRun(review, 'r2', anchors, provenance, text);
    expect(shown(begun)).toBe('Slice {r:two onions} and boil them in {p:water} for long.');
    const [replaced] = review.hunks;
    expect(overReload({ ...begun, hunks: inOrder([...begun.hunks, replaced!]) })).toEqual(review);
  });

  it('follows a text that has changed meanwhile', () => {
    expect(shown(overReload(review, 'First: Slice two onions and boil them in water for long, long.'))).toBe(
      'First: Slice {p:two} onions and boil them in {p:water} for long, long.',
    );
    expect(shown(overReload(review, 'Slice two onions and boil them in beer for long.'))).toBe(
      'Slice {p:two} onions and boil them in {d:beer} for long.',
    );
    expect(shown(overReload(review, review.text.replaceAll(' ', '\r\n')))).toBe(
      'Slice\r\n{p:two}\r\nonions\r\nand\r\nboil\r\nthem\r\nin\r\n{p:water}\r\nfor\r\nlong.',
    );
  });

  it('is none when it is of another format', () => {
    expect(restoreReview({ ...saveReview(review), format: 'oneflow-review/2' }, review.text)).toBeUndefined();
    expect(restoreReview({ format: 'oneflow-review/1', text: '', hunks: [{}] }, '')).toBeUndefined();
    expect(restoreReview(undefined, '')).toBeUndefined();
  });
});
