import { describe, expect, it } from 'vitest';
import { errorOf, masksOf, parsed } from './helpers.js';

describe('the forms of a mark', () => {
  it('reads an inline span', () => {
    const source = 'Simmer <!--mask-->for ten minutes<!--/mask-->.';
    expect(parsed(source).masks).toEqual([
      {
        id: 'm1',
        kind: 'text',
        form: 'inline',
        line: 1,
        column: 8,
        range: { start: 7, end: 45 },
        before: 'for ten minutes',
        options: {},
      },
    ]);
  });

  it('reads own-line marks around blocks, with their own line ends', () => {
    const source = 'One.\n\n<!--mask-->\nTwo.\n\n- three\n<!--/mask-->\n\nFour.\n';
    expect(masksOf(source)).toEqual(['block <!--mask-->\nTwo.\n\n- three\n<!--/mask-->\n']);
    expect(parsed(source).masks[0]).toMatchObject({ line: 3, column: 1, before: 'Two.\n\n- three\n' });
  });

  it.each(['<!--mask--><!--/mask-->', '<!--mask/-->', '<!--mask /-->', '<!-- mask --> <!-- /mask -->'])(
    'reads %s as an empty mask, own-line or inline',
    (mark) => {
      expect(masksOf(`${mark}\n`)).toEqual([`block ${mark}\n`]);
      expect(masksOf(`Add ${mark}.`)).toEqual([`inline ${mark}`]);
    },
  );

  it('reads an image slot, whose range is the destination and whose place is the image', () => {
    const source = 'See ![a bowl of soup](mask:).';
    expect(masksOf(source)).toEqual(['slot mask:']);
    expect(parsed(source).masks[0]).toMatchObject({
      kind: 'image',
      line: 1,
      column: 5,
      before: '',
      alt: 'a bowl of soup',
    });
  });

  it('reads own-line marks around one picture as that picture to redraw', () => {
    const source = '<!--mask seed=3-->\n![soup](images/soup.png "Soup")\n<!--/mask-->\n';
    expect(parsed(source).masks[0]).toMatchObject({
      kind: 'image',
      form: 'block',
      before: 'images/soup.png',
      alt: 'soup',
      options: { seed: 3 },
    });
  });

  it('reads a linked picture and one with a reference as a picture to redraw', () => {
    expect(parsed('<!--mask-->\n[![a](b.png)](c)\n<!--/mask-->').masks[0]?.kind).toBe('image');
    expect(parsed('<!--mask-->\n![a][r]\n<!--/mask-->\n\n[r]: b.png').masks[0]).toMatchObject({
      kind: 'image',
      before: 'b.png',
    });
  });

  it('reads an emphasised picture as a picture to redraw', () => {
    expect(parsed('<!--mask-->\n*[![a](b.png)](c)*\n<!--/mask-->').masks[0]?.kind).toBe('image');
  });

  it('reads a picture with words beside it as text', () => {
    expect(parsed('<!--mask-->\n![a](b.png) here\n<!--/mask-->').masks[0]?.kind).toBe('text');
  });

  it('numbers masks in document order', () => {
    const source = '![<!--mask/-->](mask:) <!--mask/-->\n\n<!--mask/-->\n';
    expect(parsed(source).masks.map(({ id, form }) => `${id} ${form}`)).toEqual([
      'm1 slot',
      'm2 inline',
      'm3 inline',
      'm4 block',
    ]);
  });

  it('leaves comments that are not marks alone', () => {
    expect(masksOf('a <!--masked--> <!--mask-image--> <!--mask:x--> <!--Mask--> <!-- a mask -->')).toEqual(
      [],
    );
  });

  it('counts lines and columns from 1, in UTF-16 units, for every line end', () => {
    const source = '\uFEFFa\rb\r\n😀 <!--mask/-->';
    expect(parsed(source).masks[0]).toMatchObject({ line: 3, column: 4 });
  });
});

describe('where marks are text', () => {
  it.each([
    ['a fence', '```\n<!--mask-->\n```\n'],
    ['a fence’s info string', '``` <!--mask-->\nx\n```\n'],
    ['an unclosed fence', '~~~\nx\n<!--mask-->\n'],
    ['a fence in a list item', '- a\n  ```\n  <!--mask-->\n  ```\n'],
    ['indented code', 'a\n\n    <!--mask-->\n    b\n'],
    ['indented code in a quote', '>     <!--mask-->\n'],
    ['inline code', 'Write `a <!--mask-->` here.'],
    ['inline code that holds nothing else', 'Write `<!--mask-->` and ``<!--mask--><!--/mask-->``.'],
    ['front matter', '---\ntitle: <!--mask-->\n---\n'],
    ['front matter that ends with dots', '---\ntitle: <!--mask-->\n...\n'],
    ['front matter in TOML', '+++\n\ntitle = "<!--mask-->"\n+++\n'],
    ['a link’s destination', '[a](<!--mask-->)'],
    ['a link’s title', '[a](b "<!--mask-->")'],
    ['an image’s destination', '![a](b<!--mask-->c)'],
    ['an autolink', '<http://a.b/<!--mask-->>'],
    ['a link reference definition', '[a]: <!--mask-->b "c"'],
    ['an HTML block', '<div>\n<!--mask-->\n</div>\n'],
    ['an HTML comment of several lines', '<!-- a\n<!--mask-->\nb\n<!--/mask-->\n-->\n'],
    ['an HTML comment in a line', 'a <!-- b <!--mask--> --> c'],
    ['an HTML tag', 'a <b title="<!--mask-->"> c'],
    ['a backslash’s reach', 'a \\<!--mask--> b'],
  ])('takes a mark inside %s for text', (_where, source) => {
    expect(masksOf(source)).toEqual([]);
  });

  it.each([
    ['after a closed fence', '```\nx\n```\n<!--mask/-->\n'],
    ['after a fence of a list item', '- ```\n  x\n<!--mask/-->\n'],
    ['after an escaped backslash', 'a \\\\<!--mask/-->'],
    ['between two code spans', '`a`<!--mask/-->`b`'],
    ['after a comment', '<!-- a -->\n<!--mask/-->\n'],
    ['after a thematic break that looks like front matter', '---\n\n<!--mask/-->\n\n---\n'],
    ['after pluses that look like front matter', '+++\n---\n\n<!--mask/-->\n\n...\n'],
    ['below front matter in TOML', '\uFEFF+++\r\na = "b"\r\n+++\r\n<!--mask/-->\r\n'],
    ['in an item that is indented by four', '1.  a\n\n    <!--mask/-->\n'],
  ])('takes a mark %s for one', (_where, source) => {
    expect(parsed(source).masks).toHaveLength(1);
  });

  it('decides on the document without marks: a mark that begins a line opens no HTML block', () => {
    expect(masksOf('<!--mask-->*a*<!--/mask--> `<!--mask-->`')).toEqual([
      'inline <!--mask-->*a*<!--/mask-->',
    ]);
  });

  it('is not led astray by marks that hold emphasis apart', () => {
    expect(masksOf('**<!--mask/-->** and *<!--mask-->a<!--/mask-->*')).toHaveLength(2);
  });
});

describe('a mark that begins a line', () => {
  it.each([
    '<!--mask-->a<!--/mask--> b',
    '- <!--mask/-->',
    '> 1. <!--mask-->a<!--/mask-->',
    'a <!--mask-->b\n<!--/mask--> c',
    'a | b\n--|--\n<!--mask-->c<!--/mask--> | d\n',
  ])('is warned of: %j', (source) => {
    expect(parsed(source).warnings).toMatchObject([{ code: 'inline-mark-begins-line' }]);
  });

  it.each(['a <!--mask/-->', '# <!--mask/-->', '<!--mask/-->\n', '| a |\n|---|\n| <!--mask/--> |'])(
    'is not seen in %j',
    (source) => {
      expect(parsed(source).warnings).toEqual([]);
    },
  );
});

describe('a mark in an HTML block', () => {
  it.each([
    ['<details>\n<summary>a</summary>\n<!--mask-->\nb\n<!--/mask-->\n</details>\n', 3, 1, /; leave a blank/],
    ['> <p>\n> <!--mask/-->\n> </p>\n', 2, 3, /; leave a blank line before it/],
    ['<p align="center">a <!--mask/--></p>\n', 1, 21, /; put it on a line of its own/],
  ])('is warned of: %j', (source, line, column, advice) => {
    expect(masksOf(source)).toEqual([]);
    const { warnings } = parsed(source);
    expect(warnings).toMatchObject([{ code: 'mark-in-html', line, column }]);
    expect(warnings[0]!.message).toMatch(advice);
  });

  it.each([
    '<details>\n\n<!--mask/-->\n\n</details>\n',
    '<!-- a\n<!--mask/-->\n-->\n',
    '<pre>\n<!--mask/-->\n</pre>\n',
  ])('is not seen in %j', (source) => {
    expect(parsed(source).warnings).toEqual([]);
  });
});

describe('marks that are not well formed', () => {
  it.each([
    ['a <!--mask-->b', '1:3 mark-unclosed'],
    ['a\n\n<!--mask-->\nb\n', '3:1 mark-unclosed'],
    ['a <!--mask-->b `<!--/mask-->`', '1:3 mark-unclosed'],
    ['a b<!--/mask--> c', '1:4 mark-stray-closer'],
    ['a `<!--mask-->` b<!--/mask-->', '1:18 mark-stray-closer'],
    ['a <!--mask-->b <!--mask-->c<!--/mask--><!--/mask-->', '1:16 mark-nested'],
    ['<!--mask-->\na <!--mask/--> b\n<!--/mask-->', '2:3 mark-nested'],
    ['a <!--/mask max=3-->', '1:3 mark-malformed'],
    ['a <!--mask\nmax=3--> b', '1:3 mark-malformed'],
    ['a <!--mask', '1:3 mark-malformed'],
    ['<!-- mask the edges with tape -->', '1:11 option-malformed'],
  ])('refuses %j at %s', (source, expected) => {
    expect(errorOf(source)).toBe(expected);
  });

  it('reports the first error of the document', () => {
    expect(errorOf('[a](mask:)\n\nb<!--/mask-->\n\n<!--mask x-->')).toBe('1:5 slot-not-image');
  });
});
