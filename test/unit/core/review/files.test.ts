import { describe, expect, it } from 'vitest';
import { beginRun, endRun, moveFiles, type Review, withFiles } from '../../../../src/core/review/index.js';
import { restoreReview, saveReview } from '../../../../src/core/review/storage.js';
import { accepted, hunk, provenance, reviewOf, undone, written } from './support.js';

const file = (name: string) => ({ uri: `file:///notes/images/${name}.png`, sha256: name });

/** With files for hunks, by id. */
function withFilesOf(template: string, files: Readonly<Record<string, readonly string[]>>): Review {
  const review = reviewOf(template);
  return withFiles(
    review,
    new Map(Object.entries(files).map(([id, names]) => [id, names.map((name) => file(name))])),
  );
}

const again = (review: Review, template: string): Review => {
  const { anchors, proposals } = written(template);
  return endRun(beginRun(review, 'new', anchors, provenance, review.text), 'new', proposals);
};

describe('files of pictures', () => {
  it('stay with a hunk through accept, undo and a reload', () => {
    const review = withFilesOf('a {b|x} c', { 'r:m1': ['x'] });
    const back = undone(accepted(review), [2, 1, 'b']);
    expect(hunk(back, 'r:m1').files).toEqual([file('x')]);
    const restored = restoreReview(JSON.parse(JSON.stringify(saveReview(back))), back.text);
    expect(hunk(restored!, 'r:m1').files).toEqual([file('x')]);
  });

  it('go over to the hunk that takes the place of theirs', () => {
    const review = withFilesOf('{a|x} {b|y} {c|z}', { 'r:m1': ['x'], 'r:m2': ['y'] });
    const next = again(review, '{a b|xy} {c|w}');
    expect(hunk(next, 'new:m1').files).toEqual([file('x'), file('y')]);
    expect(hunk(next, 'new:m2').files).toBeUndefined();
  });

  it('have one owner', () => {
    const next = again(withFilesOf('{a b|x} c', { 'r:m1': ['x'] }), '{a|y} {b|z} c');
    expect(next.hunks.map(({ files }) => files)).toEqual([[file('x')], undefined]);
  });

  it('stay with a hunk that is accepted', () => {
    const review = accepted(withFilesOf('{a|x} b', { 'r:m1': ['x'] }));
    const next = again(review, '{x|y} b');
    expect(hunk(next, 'r:m1').files).toEqual([file('x')]);
    expect(hunk(next, 'new:m1').files).toBeUndefined();
  });

  it('move with their folder', () => {
    const review = withFilesOf('{a|x} {b|y}', { 'r:m1': ['x', 'y'] });
    const moved = moveFiles(review, 'file:///notes', 'file:///food');
    expect(hunk(moved, 'r:m1').files?.map(({ uri }) => uri)).toEqual([
      'file:///food/images/x.png',
      'file:///food/images/y.png',
    ]);
    expect(hunk(moved, 'r:m2')).toBe(hunk(review, 'r:m2'));
    expect(moveFiles(review, 'file:///note', 'file:///food')).toEqual(review);
  });
});
