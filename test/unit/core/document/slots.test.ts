import { describe, expect, it } from 'vitest';
import { errorOf, masksOf, parsed } from './helpers.js';

describe('image slots', () => {
  it.each([
    ['in a cell', '| a |\n|---|\n| ![b](mask:) |'],
    ['in a heading', '# a ![b](mask:)'],
    ['in emphasis and a link', '*[![b](mask:)](c)*'],
    ['with white space around the destination', '![b]( mask: )'],
    ['on two lines', '![b\nc](\nmask: "t"\n)'],
  ])('are found %s', (_where, source) => {
    expect(masksOf(source)).toEqual(['slot mask:']);
  });

  it('of a span are masks of their own', () => {
    expect(masksOf('a <!--mask-->b ![c](mask:) d<!--/mask-->')).toEqual([
      'inline <!--mask-->b ![c](mask:) d<!--/mask-->',
      'slot mask:',
    ]);
  });

  it('have the alt text without marks', () => {
    const { masks } = parsed('> ![a <!--mask-->red<!--/mask-->\n> pot](mask:)');
    expect(masks[0]?.alt).toBe('a red pot');
  });

  it('without an alt text are warned of', () => {
    expect(parsed('![](mask:)').warnings).toMatchObject([{ code: 'slot-without-alt', line: 1, column: 1 }]);
    expect(parsed('![<!--mask/-->](mask:)').warnings).toEqual([]);
  });

  it.each([
    ['a link', '[a](mask:)', '1:5 slot-not-image'],
    ['a reference definition', 'a\n\n[b]: mask:\n', '3:6 slot-not-image'],
    ['a definition on two lines', '> [b]:\n>   <mask:?seed=1>\n', '2:6 slot-not-image'],
    ['no image at all', 'a ](mask:)', '1:5 slot-not-image'],
    ['an image with a space in its options', '![a](mask:?style=noto & seed=3)', '1:6 slot-not-image'],
    ['an image in an alt text', '![a ![b](mask:) c](d)', '1:10 slot-not-image'],
    ['a slot with marks around it', '<!--mask-->\n![a](mask:)\n<!--/mask-->', '1:1 slot-in-picture-mask'],
  ])('are not taken from %s', (_what, source, expected) => {
    expect(errorOf(source)).toBe(expected);
  });

  it.each([
    '`![a](mask:)`',
    '```\n![a](mask:)\n```',
    '    ![a](mask:)',
    '<div>\n![a](mask:)',
    '\\![a\\](mask:)',
    '[a](b "](mask:")',
  ])('are text in %j', (source) => {
    expect(masksOf(source)).toEqual([]);
  });
});
