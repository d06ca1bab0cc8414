import { describe, expect, it } from 'vitest';
import {
  acceptEdits,
  beginRun,
  emptyReview,
  endRun,
  propose,
  rejectHunks,
  withdrawAccept,
} from '../../../../src/core/review/index.js';
import { accepted, edited, hunk, provenance, replaced, reviewOf, shown, undone, written } from './support.js';

const ids = (review: { readonly hunks: readonly { readonly id: string }[] }) =>
  review.hunks.map(({ id }) => id);

describe('accepting', () => {
  it('gives ascending edits of exactly the texts that were refined', () => {
    const review = reviewOf('one {two|2} three {four|4}{five|5}');
    const result = acceptEdits(review, ['r:m3', 'r:m1', 'r:m2']);
    expect(result.ok && result.edits).toEqual([
      { range: { start: 4, end: 7 }, text: '2' },
      { range: { start: 14, end: 18 }, text: '4' },
      { range: { start: 18, end: 22 }, text: '5' },
    ]);
  });

  it.each([
    ['that is displaced', edited(reviewOf('one {two|2}'), [5, 1, 'W']), /has changed/],
    ['that is accepted', accepted(reviewOf('one {two|2}')), /accepted already/],
    ['that was rejected', rejectHunks(reviewOf('one {two|2}'), ['r:m1']), /no longer under review/],
    ['whose text is not at its place', { ...reviewOf('one {two|2}'), text: 'one tWo' }, /has changed/],
  ])('refuses one %s, in a sentence', (_, review, message) => {
    const result = acceptEdits(review, ['r:m1']);
    expect(!result.ok && result.message).toMatch(message);
    expect(!result.ok && result.message).toMatch(/^[A-Z].*\.$/);
  });

  it('refuses one that is still being made', () => {
    const { text, anchors } = written('one {two|2}');
    const result = acceptEdits(beginRun(emptyReview(text), 'r', anchors, provenance, text), ['r:m1']);
    expect(!result.ok && result.message).toMatch(/still being made/);
  });

  it('writes the line ends that the document has now', () => {
    const review = reviewOf('a\n{b|x\ny}\nc\n');
    expect(accepted(replaced(review, 'a\r\nb\r\nc\r\n')).text).toBe('a\r\nx\r\ny\r\nc\r\n');
  });

  it('needs no edit where the text is what is proposed already', () => {
    const { text, anchors, proposals } = written('a\r\n{b\r\n|b\n}');
    const review = endRun(beginRun(emptyReview(text), 'r', anchors, provenance, text), 'r', proposals);
    const result = acceptEdits(review, ['r:m1']);
    expect(result.ok && result.edits).toEqual([]);
    expect(result.ok && shown(result.review)).toBe('a\r\n{a:b\r\n}');
  });

  it('of overlapping hunks takes the first in the document', () => {
    const review = reviewOf('a {b c d|x} e');
    const both = { ...review, hunks: [...review.hunks, ...reviewOf('a b {c|y} d e', 'r2').hunks] };
    const result = acceptEdits(both, ids(both));
    expect(result.ok && result.edits.map(({ text }) => text)).toEqual(['x']);
  });

  it('writes a picture’s destination as Markdown, and keeps it after an undo', () => {
    const { text, anchors } = written('![a]({mask:|})');
    const pictures = [{ id: 'm1', alt: 'a' }];
    const begun = beginRun(
      emptyReview(text),
      'r',
      anchors.map((anchor) => ({ ...anchor, kind: 'image' as const, pictures })),
      provenance,
      text,
    );
    const sized = [{ id: 'm1', width: 8, height: 8 }];
    const review = endRun(begun, 'r', [{ mask: 'm1', after: [{ picture: 'm1' }], pictures: sized }]);
    expect(() => acceptEdits(review, ['r:m1'])).toThrow('r:m1 has no destination');
    const first = acceptEdits(review, ['r:m1'], new Map([['r:m1', 'images/a b.png']]));
    if (!first.ok) throw new Error(first.message);
    expect(first.edits).toEqual([{ range: { start: 5, end: 10 }, text: 'images/a%20b.png' }]);
    const back = edited(edited(first.review, [5, 5, 'images/a%20b.png']), [5, 16, 'mask:']);
    expect(hunk(back, 'r:m1').written?.destinations).toEqual({ 'r:m1': 'images/a b.png' });
    expect(shown(edited(back, [5, 5, 'images/a%20b.png']))).toBe('![a]({a:images/a%20b.png})');
  });

  it('that was not made is forgotten', () => {
    const result = acceptEdits(reviewOf('a {b|bc} d'), ['r:m1']);
    if (!result.ok) throw new Error(result.message);
    const withdrawn = withdrawAccept(result.review, ['r:m1'], reviewOf('a {b|bc} d'));
    expect(shown(edited(withdrawn, [3, 0, 'c']))).toBe('a {p:b}c d');
  });

  it('that was not made leaves what an earlier one has written, for its redo', () => {
    const former = undone(accepted(reviewOf('a {b|x} d')), [2, 1, 'b']);
    const proposed = propose(former, 'r', [{ mask: 'm1', after: ['y'], pictures: [] }]);
    const result = acceptEdits(proposed, ['r:m1']);
    if (!result.ok) throw new Error(result.message);
    const withdrawn = withdrawAccept(result.review, ['r:m1'], proposed);
    expect(withdrawn).toEqual(proposed);
    expect(shown(undone(withdrawn, [2, 1, 'x']))).toBe('a {a:x} d');
  });
});

describe('rejecting', () => {
  it('leaves the text and the other hunks', () => {
    const review = reviewOf('one {two|2} three {four|4}');
    expect(shown(rejectHunks(review, ['r:m1']))).toBe('one two three {p:four}');
  });
});
