import { describe, expect, it } from 'vitest';
import { listPictures, renderMarkdown } from '../../../../src/core/render/markdown.js';
import { expectLinearTime } from '../../linear-time.js';

const tinyPicture = 'data:image/png;base64,iVBORw0KGgo=';

/** A highlight around the first occurrence of `text`. */
function around(source: string, text: string, block = false) {
  const start = source.indexOf(text);
  return { start, end: start + text.length, block };
}

describe('renderMarkdown on hostile input', () => {
  const attacks = [
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<style onload=alert(1)></style>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<svg><foreignObject><script>alert(1)</script></foreignObject></svg>',
    '<math><style><img src=x onerror=alert(1)></style></math>',
    '<base href="https://evil.example/">',
    '<form action="https://evil.example/"><input></form>',
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](&#106;avascript:alert(1))',
    '[x](java&#10;script:alert(1))',
    '[x](<\x01javascript:alert(1)>)',
    '[x](vbscript:x)',
    '[x](file:///etc/passwd)',
    '[x](data:text/html;base64,PHNjcmlwdD4=)',
    '[x](command:workbench.action.quit)',
    '[x](vscode://file/etc/passwd)',
    '[x](//evil.example/path)',
    '[x](\\\\evil.example\\share)',
    '<javascript:alert(1)>',
    '[x]: javascript:alert(1)\n\n[x]',
    '![x](https://evil.example/beacon.png)',
    '![x](data:image/svg+xml;base64,PHN2Zz4=)',
    '![x" onerror="alert(1)](y.png)',
    '[__proto__]: javascript:alert(1)\n\n[__proto__]',
    '```"onclick="alert(1)\ncode\n```',
  ];
  it.each(attacks)('leaves no element, attribute or link of its own in %j', (attack) => {
    const html = renderMarkdown(attack);
    const allowed =
      /<\/?(?:p|a|pre|strong)>|<code(?: class="language-[^"]*")?>|<\/code>|<span class="picture-missing" role="img" aria-label="[^"]*">|<\/span>/g;
    expect(html.replaceAll(allowed, '')).not.toMatch(/[<>]/);
  });

  it.each(['[[[[', '****', '`a', '<!--', '<!--\n', '<!--\n\n', '![](', '> ', '\uE000'])(
    'renders a long run of %j in linear time',
    (unit) => {
      const start = performance.now();
      renderMarkdown(unit.repeat(200_000 / unit.length));
      expect(performance.now() - start).toBeLessThan(5000);
    },
  );

  it('survives NUL, lone surrogates and line separators', () => {
    expect(renderMarkdown('a\0b \uD800 c\u2028d')).toContain('<p>');
  });
});

describe('renderMarkdown', () => {
  it('links to http, https, mailto, relative files and fragments', () => {
    const html = renderMarkdown('[a](https://x.example) [b](mailto:x@y.example) [c](other.md#top) [d](#top)');
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)).toEqual([
      'https://x.example',
      'mailto:x@y.example',
      'other.md#top',
      '#top',
    ]);
  });

  it('shows a picture whose bytes it was given, and the alt text of any other', () => {
    const html = renderMarkdown('![a *red* tomato](images/t.png)\n\n![a bowl](mask:?style=noto)', {
      pictures: new Map([['images/t.png', tinyPicture]]),
    });
    expect(html).toContain(`<img src="${tinyPicture}" alt="a red tomato">`);
    expect(html).toContain('aria-label="a bowl">a bowl</span>');
  });

  it('leaves out front matter and comments, and keeps both where they are code', () => {
    const html = renderMarkdown('---\ntitle: x\n---\n\n<!--mask-->\n\nSalt <!-- note -->it.\n\n`<!--a-->`\n');
    expect(html).toBe('<p>Salt it.</p>\n<p><code>&lt;!--a--&gt;</code></p>\n');
  });

  it('shows a heading behind a byte order mark, and text between thematic breaks', () => {
    expect(renderMarkdown('\uFEFF# Soup\n')).toBe('<h1>Soup</h1>\n');
    expect(renderMarkdown('+++\n\ntitle = "x"\n\n# no heading\n+++\n# Salt\n')).toBe('<h1>Salt</h1>\n');
    expect(renderMarkdown('---\n\nSalt it.\n\n---\n')).toBe('<hr>\n<p>Salt it.</p>\n<hr>\n');
  });

  it.each([
    [
      'with blank lines, lists and headings',
      '<!-- todo\n\n- x\n\n# y\n\n```\n-->\n\nshown\n',
      '<p>shown</p>\n',
    ],
    ['below a paragraph', 'shown\n<!-- x\n\ny -->\nthis too\n', '<p>shown</p>\n<p>this too</p>\n'],
    ['with words behind its end', '<!-- x\n\ny --> *shown*\nhere\n', '<p><em>shown</em>\nhere</p>\n'],
    ['behind another', '<!-- x --> <!-- y\n\nz -->\nshown\n', '<p>shown</p>\n'],
    [
      'in a quote',
      '> <!-- x\n>\n> y\n> -->\n> shown\n\nend\n',
      '<blockquote>\n<p>shown</p>\n</blockquote>\n<p>end</p>\n',
    ],
    [
      'in a list item',
      '- shown\n\n  <!-- x\n\n  - y\n  -->\n- end\n',
      '<ul>\n<li>\n<p>shown</p>\n</li>\n<li>\n<p>end</p>\n</li>\n</ul>\n',
    ],
    ['with a picture and a link', '<!--\n\n![x](y.png) [z](w.md)\n\n-->\n\nshown\n', '<p>shown</p>\n'],
    ['beside other HTML, which is text', '<b>\n<!--\n\nx\n\n-->\n', '<p>&lt;b&gt;</p>\n'],
  ])('leaves out a comment over several lines %s', (_where, source, html) => {
    expect(renderMarkdown(source)).toBe(html);
    expect(renderMarkdown(source.replaceAll('\n', '\r\n'))).toBe(html);
    expect(listPictures(source)).toEqual([]);
  });

  it('looks for the end of many comments in linear time', () => {
    expectLinearTime(
      (size) => {
        renderMarkdown(`- x\n${'  <!--\n\n'.repeat(size)}-->\n`);
      },
      20_000,
      'comments',
    );
  });

  it('shows in a list item what a comment of it would only close outside', () => {
    expect(renderMarkdown('- <!-- x\n\nshown\n\n-->\n')).toContain('<p>shown</p>');
  });

  it('keeps a comment over several lines where it is code', () => {
    expect(renderMarkdown('    <!-- x\n\n    y -->\n')).toContain('&lt;!-- x');
    expect(renderMarkdown('```\n<!-- x\n\ny -->\n```\n')).toContain('&lt;!-- x');
  });

  it('shows a comment that is never closed as text', () => {
    expect(renderMarkdown('<!-- b\n\nc\n')).toBe('<p>&lt;!-- b</p>\n<p>c</p>\n');
    expect(renderMarkdown('a <!-- b\n\nc <!-- d')).toBe('<p>a &lt;!-- b</p>\n<p>c &lt;!-- d</p>\n');
  });
});

describe('highlights', () => {
  it('wraps an inline stretch, with what is in it', () => {
    const source = 'Simmer for *ten* long minutes.\n';
    const html = renderMarkdown(source, { highlights: [around(source, 'for *ten* long')] });
    expect(html).toBe('<p>Simmer <mark class="oneflow">for <em>ten</em> long</mark> minutes.</p>\n');
  });

  it('wraps several stretches of one paragraph, one of them inside emphasis', () => {
    const source = 'One, **two and three**, four.';
    const html = renderMarkdown(source, { highlights: [around(source, 'One'), around(source, 'two')] });
    expect(html).toBe(
      '<p><mark class="oneflow">One</mark>, <strong><mark class="oneflow">two</mark> and three</strong>, four.</p>\n',
    );
  });

  it('gives the outermost blocks of a block stretch the class', () => {
    const source = '# Soup\n\n- one\n- two\n\nlast\n';
    const html = renderMarkdown(source, { highlights: [around(source, '- one\n- two\n', true)] });
    expect(html).toContain('<ul class="oneflow">\n<li>one</li>');
    expect(html).toContain('<p>last</p>');
  });

  it('finds the lines of a block after front matter and inside a quote', () => {
    const source = '---\na: b\n---\n> first\n>\n> second\n';
    const html = renderMarkdown(source, { highlights: [around(source, 'second\n', true)] });
    expect(html).toContain('<p class="oneflow">second</p>');
    expect(html).toContain('<p>first</p>');
  });

  it.each([
    ['an emphasis that a sentinel would undo', 'a _b_ c', '_b_'],
    ['a stretch that crosses an emphasis', 'a *b c* d', 'b c* d'],
    ['code', 'a `b` c', 'b'],
    ['an alt text', 'a ![b](c.png) d', 'b'],
    ['a link destination', 'a [b](c.png) d', 'c'],
  ])('never changes what is said: %s', (_name, source, text) => {
    const html = renderMarkdown(source, { highlights: [around(source, text)] });
    expect(html.replaceAll(/<\/?mark[^>]*>/g, '')).toBe(renderMarkdown(source));
    expect(html).not.toMatch(/[\uE000\uE001]|%EE/);
  });

  it('takes no notice of its private characters in the document', () => {
    expect(renderMarkdown('a\uE000b\uE001c')).toBe('<p>a\uFFFDb\uFFFDc</p>\n');
  });
});

describe('listPictures', () => {
  it('lists them in order, also a linked one, and none of code or front matter', () => {
    const source =
      '---\na: "![x](no.png)"\n---\n![a](one.png) [![b](<two b.png>)](three.md) `![d](no.png)`\n\n![e]\n\n[e]: five.png\n';
    expect(listPictures(source)).toEqual(['one.png', 'two%20b.png', 'five.png']);
  });

  it('takes a paragraph of very many', () => {
    expect(listPictures('![a](b) '.repeat(60_000))).toHaveLength(60_000);
  });
});
