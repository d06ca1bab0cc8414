import { describe, expect, it } from 'vitest';
import { parseDocument } from '../../../../src/core/document/index.js';
import { errorOf, masksOf } from './helpers.js';

describe('where a span may stand', () => {
  it.each([
    ['a paragraph', 'a <!--mask-->b *c* `d` [e](f)<!--/mask--> g'],
    ['lines of one paragraph', 'a <!--mask-->b\nc<!--/mask--> d'],
    ['an ATX heading', '## a <!--mask-->b<!--/mask--> ##'],
    ['an empty heading', '# <!--mask/-->'],
    ['a setext heading', 'a <!--mask-->b<!--/mask-->\n=====\n'],
    ['a list item', '- a <!--mask-->b<!--/mask-->\n- c'],
    ['an empty list item', '- <!--mask/-->'],
    ['a task', '- [ ] <!--mask/-->'],
    ['a table’s cell', '| a | b |\n|---|---|\n| <!--mask-->c<!--/mask--> | d |\n'],
    ['an empty cell', '| a | b |\n|---|---|\n| c | <!--mask/--> |\n'],
    ['a table’s head', '| a | <!--mask-->b<!--/mask--> |\n|---|---|\n'],
    ['emphasis', 'a *<!--mask-->b<!--/mask-->* c'],
    ['one emphasis of two', '***<!--mask-->a<!--/mask-->* b**'],
    ['a link’s text', '[<!--mask-->a<!--/mask-->](b)'],
    ['the text of a link with a label', '[<!--mask-->a<!--/mask-->][b]\n\n[b]: c'],
    ['a footnote', '[^1]: <!--mask-->a<!--/mask-->\n'],
    ['an empty footnote', '[^1]: <!--mask/-->\n[^2]: b\n'],
    ['an alt text', '![<!--mask/-->](soup.png)'],
    ['a line of masks only', 'a\n\n<!--mask/--> <!--mask/-->\n'],
    ['emphasis that has nothing else', '**<!--mask/-->**'],
  ])('takes an inline span within %s', (_where, source) => {
    const [first = ''] = masksOf(source);
    expect(first.slice(first.indexOf(' ') + 1)).toMatch(/^<!--mask.*-->$/s);
  });

  it.each([
    ['a paragraph', '<!--mask-->\na\n<!--/mask-->\n'],
    ['a heading and what follows', '<!--mask-->\n# a\nb\n<!--/mask-->\n'],
    ['a table', '<!--mask-->\n| a |\n|---|\n| b |\n<!--/mask-->\n'],
    ['code', '<!--mask-->\n```\na\n```\n<!--/mask-->\n'],
    ['indented code', '<!--mask-->\n\n    a\n\n<!--/mask-->\n'],
    ['a whole quote', '<!--mask-->\n> a\n<!--/mask-->\n'],
    ['blocks within a quote', '> a\n>\n> <!--mask-->\n> b\n>\n> c\n> <!--/mask-->\n>\n> d\n'],
    ['all there is in a quote', '> <!--mask-->\n> a\n> <!--/mask-->\n'],
    ['a quote’s text after an empty quote', '> >\n>\n> > <!--mask-->\n> > a\n> > <!--/mask-->\n'],
    ['blocks within an item', '- a\n\n  <!--mask-->\n  b\n\n  c\n  <!--/mask-->\n\n- d\n'],
    ['blocks within an item that uses tabs', '1.\ta\n\n\t<!--mask-->\n\tb\n\t<!--/mask-->\n'],
    ['blocks within an item of a quote', '> - a\n>\n>   <!--mask-->\n>   b\n>   <!--/mask-->\n'],
    ['one item of a list', '- a\n<!--mask-->\n- b\n<!--/mask-->\n- c\n'],
    ['nothing at the end of an item', '- a\n\n  <!--mask/-->\n'],
    ['nothing right under a heading', '# a\n<!--mask/-->\n'],
    ['nothing at the end of a file without a newline', 'a\n\n<!--mask/-->'],
    ['nothing after an HTML block', '<div>\n</div>\n<!--mask/-->\n'],
  ])('takes own-line marks around %s', (_where, source) => {
    expect(masksOf(source)).toEqual([
      expect.stringMatching(/^block <!--mask(?:-->[^]*<!--\/mask|\/)-->\n?$/),
    ]);
  });
});

describe('where a span may not stand', () => {
  it.each([
    ['into emphasis', 'a <!--mask-->b *c<!--/mask--> d*', '1:3 span-crosses'],
    ['out of strong emphasis', '**a <!--mask-->b** c<!--/mask-->', '1:5 span-crosses'],
    ['into struck text', 'a <!--mask-->b ~~c<!--/mask-->~~', '1:3 span-crosses'],
    ['into a link', 'a <!--mask-->b [c<!--/mask-->](d)', '1:3 span-crosses'],
    ['out of an alt text', '![a <!--mask-->b](c)<!--/mask-->', '1:5 span-crosses'],
    ['over a cell’s edge', '| a | b |\n|---|---|\n| <!--mask-->c | d<!--/mask--> |\n', '3:3 span-crosses'],
    ['over a row’s edge', '| a |\n|---|\n| <!--mask-->c |\n| d<!--/mask--> |\n', '3:3 span-crosses'],
    ['from one paragraph to another', 'a <!--mask-->b\n\nc<!--/mask--> d', '1:3 span-several-blocks'],
    ['from one footnote to another', '[^1]: a <!--mask-->b\n[^2]: c<!--/mask-->', '1:9 span-several-blocks'],
    ['from one item to another', '- a <!--mask-->b\n- c<!--/mask-->', '1:5 span-several-blocks'],
    ['out of a quote', '> <!--mask-->\n> a\n<!--/mask-->\n', '1:3 span-crosses'],
    ['into a lazy line of a quote', '> <!--mask-->\n> a\nb\n>\n> <!--/mask-->\n', '1:3 span-crosses'],
    ['into an item', '<!--mask-->\n- a\n\n  <!--/mask-->\n', '1:1 span-crosses'],
    ['around part of an item', '<!--mask-->\n- a\n<!--/mask-->\n\n  b\n', '1:1 span-crosses'],
    ['around an item’s block from outside', '- a\n\n<!--mask-->\n  b\n<!--/mask-->\n', '3:1 span-crosses'],
    ['own-line to inline', '<!--mask-->\na<!--/mask-->\n', '1:1 span-forms-differ'],
    ['inline to own-line', 'a <!--mask-->b\n\n<!--/mask-->\n', '1:3 span-forms-differ'],
    ['into a paragraph', 'a\n<!--mask-->\nb\n<!--/mask-->\n', '2:1 span-not-whole-blocks'],
    ['around some rows', '| a |\n|---|\n<!--mask-->\n| b |\n<!--/mask-->\n', '3:1 span-not-whole-blocks'],
    ['into a lazy line', '> a\n<!--mask-->\nb\n<!--/mask-->\n', '2:1 span-not-whole-blocks'],
    ['under a table’s head', '| a | b |\n|---<!--mask/-->|---|\n| b | c |', '2:5 mark-misplaced'],
    ['outside a row’s cells', '| a |\n|---|\n| b | <!--mask/-->\n', '3:7 mark-misplaced'],
    ['under a heading', 'a\n==<!--mask/-->==\n', '2:3 mark-misplaced'],
    ['before a list marker', '<!--mask-->- a<!--/mask-->', '1:1 mark-misplaced'],
    ['in a label', '![<!--mask-->a<!--/mask-->]\n\n[a]: b.png', '1:3 mark-misplaced'],
    ['in emphasis in a label', '[*<!--mask-->a<!--/mask-->*][]\n\n[*a*]: b', '1:3 mark-misplaced'],
    ['in a footnote’s reference', 'a[^<!--mask/-->b]', '1:4 mark-misplaced'],
    ['within a delimiter', '~<!--mask/-->~a~~', '1:2 mark-misplaced'],
  ])('refuses one %s', (_how, source, expected) => {
    expect(errorOf(source)).toBe(expected);
  });
});

describe('a row with more cells than the head of its table', () => {
  const head = '| a | b |\n|---|---|\n';
  const messageOf = (row: string): string => {
    const parsed = parseDocument(`${head}${row}\n`);
    return parsed.ok ? '' : parsed.error.message;
  };

  it('is named as the cause where a mark stands beyond the last column', () => {
    for (const row of ['| c | `d|e` <!--mask-->f<!--/mask--> |', '| c | d | <!--mask-->e<!--/mask--> |']) {
      expect(messageOf(row)).toMatch(
        /^This mark stands beyond the last column, .* more cells .* as `\\\|`\.$/,
      );
    }
    expect(messageOf('| c | `d\\|e` <!--mask-->f<!--/mask--> |')).toBe('');
  });

  it('is not where a mark stands in no cell at all', () => {
    expect(messageOf('| c | d | <!--mask/-->')).toMatch(/^This mark stands outside the cells of its row/);
  });
});
