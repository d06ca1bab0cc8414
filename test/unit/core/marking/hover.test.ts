import { describe, expect, it } from 'vitest';
import { analyzeDocument } from '../../../../src/core/document/index.js';
import { hoverAt, placesOf, type MaskHover } from '../../../../src/core/marking/index.js';

function placesIn(source: string): string[][] {
  return placesOf(analyzeDocument(source).document).map(({ extent, marks, content }) =>
    [extent, content, ...marks].map(({ start, end }) => source.slice(start, end)),
  );
}

function hover(marked: string): MaskHover | undefined {
  const source = marked.replace('|', '');
  return hoverAt(placesOf(analyzeDocument(source).document), marked.indexOf('|'));
}

describe('the places of a mask', () => {
  it.each([
    [
      'an inline span',
      'a <!--mask-->b<!--/mask--> c',
      ['<!--mask-->b<!--/mask-->', 'b', '<!--mask-->', '<!--/mask-->'],
    ],
    ['an empty one', 'a <!--mask max=3/--> b', ['<!--mask max=3/-->', '', '<!--mask max=3/-->']],
    [
      'own-line marks',
      '<!--mask-->\na\n<!--/mask-->  \n',
      ['<!--mask-->\na\n<!--/mask-->', 'a', '<!--mask-->', '<!--/mask-->'],
    ],
    [
      'own-line marks beside each other',
      '<!--mask--> <!--/mask-->\n',
      ['<!--mask--> <!--/mask-->', '', '<!--mask-->', '<!--/mask-->'],
    ],
    [
      'an opener that has no end',
      'a <!-- mask ->\nb<!--/mask-->',
      ['<!-- mask ->\nb<!--/mask-->', '\nb', '<!-- mask ->', '<!--/mask-->'],
    ],
    ['a slot', 'a ![b](mask:) c', ['![b](mask:)', 'b']],
    [
      'a picture to redraw',
      '<!--mask-->\n![a](b.png)\n<!--/mask-->',
      ['<!--mask-->\n![a](b.png)\n<!--/mask-->', '![a](b.png)', '<!--mask-->', '<!--/mask-->'],
    ],
  ])('are found for %s', (_what, source, expected) => {
    expect(placesIn(source)).toEqual([expected]);
  });
});

describe('a hover', () => {
  it('tells what a span is and what its options mean', () => {
    expect(hover('a <!--ma|sk seed=7 strength=0.5-->b<!--/mask-->')).toMatchObject({
      range: { start: 2, end: 33 },
      what: 'text',
      options: [
        { name: 'strength', value: '0.5' },
        { name: 'seed', value: '7' },
      ],
    });
    expect(hover('a <!--mask-->b<!--/ma|sk-->')).toMatchObject({
      what: 'text',
      range: { start: 14, end: 26 },
    });
    expect(hover('a <!--|mask/--> b')).toMatchObject({ what: 'empty-text', options: [] });
  });

  it('tells what a slot and a picture to redraw are', () => {
    expect(hover('![a b](mas|k:?style=noto)')).toMatchObject({
      what: 'slot',
      alt: 'a b',
      options: [{ name: 'style', value: 'noto' }],
    });
    expect(hover('<!--mask-->\n![a](|b.png)\n<!--/mask-->')).toMatchObject({
      what: 'picture',
      alt: 'a',
      destination: 'b.png',
      range: { start: 12, end: 23 },
    });
  });

  it('tells nothing over the text of a span and elsewhere', () => {
    expect(hover('a <!--mask-->b| c<!--/mask-->')).toBeUndefined();
    expect(hover('a| <!--mask-->b<!--/mask-->')).toBeUndefined();
    expect(hover('![a](b|.png)')).toBeUndefined();
  });
});
