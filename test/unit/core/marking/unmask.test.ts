import { describe, expect, it } from 'vitest';
import { applyEdits, removeAllMarks, unmask } from '../../../../src/core/marking/index.js';
import { inFull, inShort, shown, withSelections } from './helpers.js';

function unmasked(short: string): string {
  const { source, ranges } = withSelections(inFull(short));
  return inShort(shown(source, unmask(source, ranges)));
}

describe('Unmask', () => {
  it.each([
    ['an inline span', 'a {b «»c} d', 'a b «»c d'],
    ['a span with options', 'a <!--mask max=3-->b«»} d', 'a b«» d'],
    ['an empty one', 'a {«»} b', 'a «» b'],
    ['one with a space', 'a{ «»} b', 'a«» b'],
    ['all that a selection touches', 'a «{b} c {d}» {e}', 'a «b c d» {e}'],
    ['own-line marks with their lines', 'a\n\n{\n«»b\n}\n\nc\n', 'a\n\n«»b\n\nc\n'],
    ['own-line marks of a quote', '> a\n>\n> {\n> b«»\n> }\n', '> a\n>\n> b«»\n'],
    ['own-line marks without a final newline', '{\n«»b\n}', '«»b'],
    ['an empty one on its line', 'a\n\n{}«»\n\nb\n', 'a\n\n«»\nb\n'],
    ['an empty one on the last line', 'a\n\n{}«»', 'a\n«»'],
    ['an empty one behind front matter', '---\na: b\n---\n{}«»', '---\na: b\n---«»'],
    ['own-line marks between a CR and an LF', '{\n«»b\r}\n\nc', '«»b\n\nc'],
    ['a picture to redraw', '{\n![a](«»b.png)\n}\n', '![a](«»b.png)\n'],
  ])('takes out the marks of %s', (_what, before, after) => {
    expect(unmasked(before)).toBe(after);
  });

  it.each([
    ['where there is no mask', 'a «»b {c}', /no mask here/],
    ['on an image slot', '![a«»](mask:)', /image slot/],
  ])('refuses %s', (_what, before, reason) => {
    expect(unmasked(before)).toMatch(reason);
  });
});

describe('Remove All Marks', () => {
  it.each([
    ['spans of every form', 'a {b} c {} d\n\n{\n- e\n}\n', 'a b c  d\n\n- e\n', 0],
    ['marks without a partner', 'a {b\n\nc} d\n\n} e', 'a b\n\nc d\n\n e', 0],
    ['marks that cross', 'a {b *c} d*', 'a b *c d*', 0],
    ['no blank line between a CR and an LF', '{\na\r}\n\nb', 'a\n\nb', 0],
    ['no slots', 'a {b} ![c](mask:) ![{}](d.png)', 'a b ![c](mask:) ![](d.png)', 1],
    ['no marks in code', '`{` {a} `}`', '`{` a `}`', 0],
    [
      'no comments that only begin like one',
      '<!-- mask the edges -->\n\na {b}',
      '<!-- mask the edges -->\n\na b',
      0,
    ],
  ])('takes out %s', (_what, before, after, slots) => {
    const source = inFull(before);
    const result = removeAllMarks(source);
    if (!result.ok) throw new Error(result.reason);
    expect(inShort(applyEdits(source, result.edits))).toBe(after);
    expect(result.slots).toBe(slots);
  });

  it('says so when there is nothing to take out', () => {
    expect(removeAllMarks('a')).toEqual({ ok: false, reason: 'This document has no marks.' });
    expect(removeAllMarks('![a](mask:)')).toMatchObject({ ok: false });
  });
});

describe('Unmask with several selections', () => {
  it.each([
    ['all masks that they touch', 'a {«»b} {c} «{d} {e}»', 'a «»b {c} «d e»'],
    ['a mask with two cursors in it', 'a {b«» c«»}', 'a b«» c«»'],
  ])('takes out the marks of %s', (_what, before, after) => {
    expect(unmasked(before)).toBe(after);
  });

  it('takes out none where one of them has no mask', () => {
    expect(unmasked('a {b«»}\n\nc «»d')).toMatch(
      /^refused: Nothing was changed, because of line 3: There is no mask/,
    );
  });
});
