import { describe, expect, it } from 'vitest';
import { holesOf } from '../../../../src/core/document/holes.js';
import { parseDocument } from '../../../../src/core/document/index.js';
import { BlockRenderer } from '../../../../src/core/render/blocks.js';
import { renderMarkdown } from '../../../../src/core/render/markdown.js';
import type { Stretch } from '../../../../src/core/render/stretches.js';

function render(source: string, stretches: readonly Stretch[] = [], more = {}) {
  return new BlockRenderer().render(source, { stretches, ...more });
}

const html = (source: string, stretches: readonly Stretch[] = []): string =>
  render(source, stretches)
    .map((block) => block.html)
    .join('');

/** A change around the first occurrence of `text`. */
function change(source: string, text: string, more: Partial<Stretch> = {}): Stretch {
  const start = source.indexOf(text);
  return {
    id: 'h1',
    kind: 'change',
    form: 'inline',
    range: { start, end: start + text.length },
    ...more,
  };
}

/** The document with a hole for each segment that its masks become. */
function withHoles(source: string): string {
  const parsed = parseDocument(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return html(
    source,
    holesOf(parsed.document).map(({ id, form, range }) => ({
      id,
      kind: 'hole',
      form: form === 'slot' ? 'destination' : form === 'block' ? 'block' : 'inline',
      range,
    })),
  );
}

describe('BlockRenderer', () => {
  it('renders what the whole document renders to', () => {
    const source =
      '---\nx: 1\n---\n# A\n\ntext [a] *b*\n\n- x\n- y\n\n  z\n\n> q\n\n```\ncode\n\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[a]: https://a.example\n';
    expect(html(source)).toBe(renderMarkdown(source));
  });

  it.each(['\n', '\r\n', '\r'])('tells where in the source each block begins, line ends %j', (lineEnd) => {
    const lines = ['# A', '', 'b', 'c', '', '- d', '- e', '', 'f'];
    const source = lines.join(lineEnd);
    const starts = render(source, [change(source, 'c', { pieces: ['much longer'] })]).map(
      ({ start }) => start,
    );
    expect(starts).toEqual(['# A', 'b', '- d', 'f'].map((text) => source.indexOf(text)));
  });

  it('renders only the blocks that have changed', () => {
    const paragraphs = Array.from(
      { length: 3000 },
      (_, index) => `Paragraph *${index}* of [some](x.md) words.`,
    );
    const renderer = new BlockRenderer();
    const wholly = (used: BlockRenderer, source: string): string[] =>
      used.render(source).map((block) => block.html);
    const first = wholly(renderer, paragraphs.join('\n\n'));
    const took = (work: () => void): number => {
      const began = performance.now();
      work();
      return performance.now() - began;
    };
    const fresh: number[] = [];
    const again: number[] = [];
    for (const word of ['one', 'two', 'three']) {
      paragraphs[7] = word;
      const source = paragraphs.join('\n\n');
      fresh.push(took(() => wholly(new BlockRenderer(), source)));
      again.push(took(() => wholly(renderer, source)));
    }
    const last = wholly(renderer, paragraphs.join('\n\n'));
    expect(last.filter((one, index) => one !== first[index])).toHaveLength(1);
    expect(Math.min(...again)).toBeLessThan(Math.min(...fresh) / 1.5);
  });

  it('knows blocks again that have moved, and leaves out those that hold nothing', () => {
    const renderer = new BlockRenderer();
    const [before] = renderer.render('one *two*\n');
    const [added, moved, ...more] = renderer.render('# zero\n\none *two*\n\n<!-- a\nb -->\n<!-- c -->\n');
    expect(moved!.isLike(before!)).toBe(true);
    expect(added!.isLike(before!)).toBe(false);
    expect(more).toEqual([]);
  });

  it('tells what follows a comment from the same line without one', () => {
    const renderer = new BlockRenderer();
    const source = 'y --> a\n\n<!-- x\n\ny --> a\n';
    expect(renderer.render(source).map((block) => block.html)).toEqual(['<p>y --&gt; a</p>\n', '<p>a</p>\n']);
  });

  it('renders all of them anew when a link reference changes', () => {
    const renderer = new BlockRenderer();
    renderer.render('see [a]\n\n[a]: https://one.example\n');
    const [block] = renderer.render('see [a]\n\n[a]: https://two.example\n');
    expect(block!.html).toContain('https://two.example');
  });

  it('puts a hole in the place of each segment', () => {
    expect(withHoles('It is <!--mask-->good<!--/mask--> with ![a bowl](mask:?seed=1).\n')).toBe(
      '<p>It is <span data-hole="m1"></span> with <span class="slot" role="img" aria-label="a bowl" data-hole="m2"></span>.</p>\n',
    );
  });

  it('makes a hole of whole lines a block of its own, in its containers', () => {
    expect(withHoles('Before.\n\n<!--mask-->\ntext\n\nmore\n<!--/mask-->\n\nAfter.\n')).toBe(
      '<p>Before.</p>\n<div data-hole="m1"></div><p>After.</p>\n',
    );
    expect(withHoles('> Quote.\n>\n> <!--mask-->\n> text\n> <!--/mask-->\n')).toMatch(
      /<blockquote>\n<p>Quote\.<\/p>\n<div data-hole="m1"><\/div>\n?<\/blockquote>/,
    );
  });

  it('keeps a hole in a table cell in its cell', () => {
    expect(withHoles('| a | b |\n|---|---|\n| x | <!--mask-->y<!--/mask--> |\n')).toContain(
      '<td><span data-hole="m1"></span></td>',
    );
  });

  it('shows a hole in an alt text beside the picture', () => {
    expect(withHoles('![<!--mask/-->](soup.png)\n')).toBe(
      '<p><span class="picture-missing" role="img" aria-label=""></span><span class="alternative"><span data-hole="m1"></span></span></p>\n',
    );
  });

  it('gives each stretch of a span with pictures its hole', () => {
    const result = withHoles('<!--mask-->\nOne.\n\n![pot](mask:)\n\nTwo.\n<!--/mask-->\n');
    expect([...result.matchAll(/data-hole="([^"]*)"/g)].map((match) => match[1])).toEqual([
      'm1',
      'm2',
      'm1.2',
    ]);
  });

  it('marks an inline change, with what it puts in the place', () => {
    const source = 'Simmer it well.\n';
    expect(html(source, [change(source, 'it')])).toBe(
      '<p>Simmer <mark class="oneflow" data-change="h1">it</mark> well.</p>\n',
    );
    expect(html(source, [change(source, 'it', { pieces: ['*long*'] })])).toBe(
      '<p>Simmer <mark class="oneflow" data-change="h1"><em>long</em></mark> well.</p>\n',
    );
  });

  it.each(['_b_', 'b_ c'])('marks the block where marking %j would change what it says', (text) => {
    const source = 'a _b_ c\n';
    const result = html(source, [change(source, text)]);
    expect(result).toBe(`<div class="oneflow" data-change="h1">${renderMarkdown(source)}</div>`);
  });

  it('marks the blocks of a change, pictures in it by their ids', () => {
    const source = 'Before.\n\nold\n';
    const pieces = ['New.\n\n![pot](', { picture: 'p1' }, ')\n'];
    expect(html(source, [change(source, 'old\n', { id: 'h2', form: 'block', pieces })])).toBe(
      '<p>Before.</p>\n<p class="oneflow" data-change="h2">New.</p>\n' +
        '<p class="oneflow" data-change="h2"><span class="slot" role="img" aria-label="pot" data-picture="p1"></span></p>\n',
    );
  });

  it('shows an empty change as a hole, so that it can be seen', () => {
    const source = 'one two\n';
    expect(html(source, [change(source, 'two', { pieces: [''] })])).toBe(
      '<p>one <span data-hole="h1"></span></p>\n',
    );
  });

  it('loads remote pictures only when it may', () => {
    const source = '![x](https://a.example/x.png)\n';
    expect(html(source)).toContain('data-remote=""');
    expect(render(source, [], { remotePictures: true })[0]!.html).toContain(
      '<img src="https://a.example/x.png"',
    );
  });

  it('reads no sentinel from a document', () => {
    const source = '\uE002\uE16D\uE131 ![x](\uE002\uE16D\uE131) ![x](%EE%80%82%EE%85%AD)\n';
    expect(html(source)).not.toContain('data-hole');
  });

  it('ignores stretches out of order or beyond the text', () => {
    const source = 'one two\n';
    const at = (start: number, end: number): Stretch => ({
      id: 'm1',
      kind: 'hole',
      form: 'inline',
      range: { start, end },
    });
    expect(html(source, [at(5, 2), at(3, 400)])).toBe('<p>one two</p>\n');
  });
});
