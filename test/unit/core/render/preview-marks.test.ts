import createMarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { showMarksIn } from '../../../../src/core/render/preview-marks.js';
import { expectLinearTime } from '../../linear-time.js';
import { inFull } from '../marking/helpers.js';

const LABELS = { maskedText: 'Masked', somethingNew: 'new & more', imageSlot: 'Slot' };
const markdown = showMarksIn(createMarkdownIt({ html: true }), LABELS);
const plain = createMarkdownIt({ html: true });

/** The HTML with the elements of marks in short. */
function html(short: string): string {
  return markdown
    .render(inFull(short))
    .replaceAll('<span class="oneflow-mask" title="Masked">', '<M>')
    .replaceAll('<div class="oneflow-mask" title="Masked">', '<B>')
    .replaceAll('</div>', '</B>')
    .replaceAll('</span>', '</M>')
    .replace(
      /<(span|p) class="oneflow-mask oneflow-empty" title="Masked">new &amp; more<\/(?:M|p)>/g,
      '<E $1>',
    )
    .replace(
      /<span class="oneflow-slot" role="img" aria-label="Slot: [^"]*" title="Slot">(.*?)<\/M>/g,
      '<S $1>',
    )
    .trim();
}

describe('marks in another markdown-it', () => {
  it.each([
    ['within a line', 'a {b *c*} d', '<p>a <M>b <em>c</em></M> d</p>'],
    ['in emphasis', '*a {b}*', '<p><em>a <M>b</M></em></p>'],
    ['in a heading', '# a {b}', '<h1>a <M>b</M></h1>'],
    ['at the start of a line', '{a} b', '<p><M>a</M> b</p>'],
    ['at the start of an item', '- {a} b', '<ul>\n<li><M>a</M> b</li>\n</ul>'],
    ['at the start of an underlined heading', '{a} b\n===', '<h1><M>a</M> b</h1>'],
    ['over two lines', 'a {b\nc} d', '<p>a <M>b\nc</M> d</p>'],
    ['with options', 'a <!-- mask max=3 seed="7" -->b} c', '<p>a <M>b</M> c</p>'],
    ['that are empty', 'a {} b', '<p>a <E span> b</p>'],
    ['that hold a space', 'a{ } b', '<p>a<E span>  b</p>'],
    ['around whole blocks', '{\na\n\n- b\n}\n\nc', '<B>\n<p>a</p>\n<ul>\n<li>b</li>\n</ul>\n</B>\n<p>c</p>'],
    ['around blocks of a quote', '> {\n> a\n> }', '<blockquote>\n<B>\n<p>a</p>\n</B>\n</blockquote>'],
    ['that are empty on a line', 'a\n\n{}\n\nb', '<p>a</p>\n<E p>\n<p>b</p>'],
    ['beside each other on a line', '<!--mask--> <!--/mask-->', '<E p>'],
    ['right under a paragraph', 'a\n{\n- b\n}', '<p>a</p>\n<B>\n<ul>\n<li>b</li>\n</ul>\n</B>'],
    [
      'in a cell',
      '| a |\n|---|\n| {b} |',
      '<table>\n<thead>\n<tr>\n<th>a</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td><M>b</M></td>\n</tr>\n</tbody>\n</table>',
    ],
  ])('are shown %s', (_where, before, after) => {
    expect(html(before)).toBe(after);
  });

  it.each([
    ['without a closer', 'a {b *c* d', '<p>a b <em>c</em> d</p>'],
    ['without an opener', 'a b} c', '<p>a b c</p>'],
    ['that cross emphasis', 'a {b *c} d*', '<p>a b <em>c d</em></p>'],
    ['that leave an item', '- a\n\n  {\n\n}\n', '<ul>\n<li>\n<p>a</p>\n</li>\n</ul>'],
    ['that nest', 'a {b {c} d', '<p>a <M>b c</M> d</p>'],
  ])('are comments %s', (_how, before, after) => {
    expect(html(before)).toBe(after);
  });

  it.each([
    '`{a}`',
    '```\n{\na\n}\n```',
    '    {a}',
    'a <!-- note --> b',
    '<!--masked-->\n\na',
    '<!-- b -->\n\n<div>\n{a}\n</div>',
    'a ![b](c.png) [d](mask)',
    'a &lt;!--mask--&gt; \\<!--mask-->',
  ])('leave everything else as it is: %j', (source) => {
    expect(markdown.render(inFull(source))).toBe(plain.render(inFull(source)));
  });

  it('show image slots by what they shall be', () => {
    expect(html('a ![a "red" *bowl*](mask:?seed=7) b')).toBe('<p>a <S a &quot;red&quot; bowl> b</p>');
    expect(html('![](<mask:>)')).toBe('<p><S ></p>');
    expect(html('[![a](mask:)](b)')).toBe('<p><a href="b"><S a></a></p>');
  });

  it('leave marks out of alt texts', () => {
    expect(html('![{}](a.png)')).toBe('<p><img src="a.png" alt=""></p>');
    expect(html('![a {b}](mask:)')).toBe('<p><S a b></p>');
  });

  it.each(['<!--mask-->', '<!--/mask-->', '<!--mask ', '<!--mask-->\n', '![a](mask:)'])(
    'take time in proportion to the length of a document: %j',
    (piece) => {
      expectLinearTime(
        (size) => {
          markdown.render(`a ${piece.repeat(size / piece.length)}`);
        },
        200_000,
        piece,
      );
    },
  );
});
