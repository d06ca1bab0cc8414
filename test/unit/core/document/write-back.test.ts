import { describe, expect, it } from 'vitest';
import { planChanges } from '../../../../src/core/document/index.js';
import { applied, modelForm, parsed } from './helpers.js';

describe('inline results', () => {
  it('replace the marks and what is between them, and nothing else', () => {
    expect(applied('\uFEFFa <!--mask-->b<!--/mask-->\tc\r\n<d>\r', { m1: 'new' })).toBe(
      '\uFEFFa new\tc\r\n<d>\r',
    );
  });

  it('leave masks without a result as they are', () => {
    const source = 'a <!-- mask -->b<!--/mask--> <!--mask/--> ![c](mask:)';
    expect(applied(source, {})).toBe(source);
    expect(applied(source, { m2: 'x' })).toBe('a <!-- mask -->b<!--/mask--> x ![c](mask:)');
  });

  it('leave masks with a result of the wrong kind as they are', () => {
    const source = 'a <!--mask/--> ![c](mask:)';
    expect(applied(source, { m1: '→x.png', m2: 'x' })).toBe(source);
  });

  it('become one trimmed line', () => {
    expect(applied('a <!--mask/-->.', { m1: '  b\n\n c\r\n d \n' })).toBe('a b c d.');
  });

  it('have `|` escaped in a cell, once', () => {
    const table = (cell: string): string => `| a |\n|---|\n| ${cell} |\n`;
    expect(applied(table('<!--mask/-->'), { m1: 'b | c \\| d' })).toBe(table('b \\| c \\| d'));
    expect(applied('a <!--mask/-->', { m1: 'b | c' })).toBe('a b | c');
  });

  it('keep a space that only the span has', () => {
    expect(applied('a<!--mask--> b <!--/mask-->c', { m1: ' x' })).toBe('a x c');
    expect(applied('a <!--mask--> b <!--/mask--> c', { m1: 'x' })).toBe('a x c');
    expect(applied('a<!--mask--> <!--/mask-->c', { m1: 'x' })).toBe('a x c');
    expect(applied('a<!--mask--> <!--/mask-->. b', { m1: 'x' })).toBe('a x. b');
  });

  it.each([
    ['a sentence on a line of its own', 'One.{\nTwo.}\nThree', 'One.\nNew.\nThree'],
    ['with what follows it', 'One.{  \r\n  Two} more', 'One.  \r\n  New. more'],
    ['in a container of lines', '::: warning{\nCareful.}\n:::', '::: warning\nNew.\n:::'],
    ['in a quote', '> [!NOTE]{\n> Useful.}\n', '> [!NOTE]\n> New.\n'],
    ['in a list in a quote', '> - a{\n>   b}\n', '> - a\n>   New.\n'],
    ['where it goes on without a prefix', '> a{\nb}\n', '> a\nNew.\n'],
    ['under a picture', '![a](a.png){\n*Caption*}', '![a](a.png)\nNew.'],
    ['at its end', 'One. {Two.\n}Three', 'One. New.\nThree'],
    ['in a quote at its end', '> One. {Two.  \n> }Three', '> One. New.  \n> Three'],
  ])('keep a line end that is at the edge of the span: %s', (_what, short, written) => {
    const source = short.replace('{', '<!--mask-->').replace('}', '<!--/mask-->');
    expect(applied(source, { m1: 'New.' })).toBe(written);
  });

  it('keep line ends between text and pictures', () => {
    const source = 'a <!--mask-->b\n![c](d.png)\ne<!--/mask-->.';
    expect(applied(source, { m1: 'B', 'm1.2': '- E\nF' })).toBe('a B\n![c](d.png)\n\\- E F.');
  });

  it('keep no line end around nothing, which would end the paragraph', () => {
    expect(applied('One.<!--mask-->\nTwo.<!--/mask-->\nThree', { m1: '' })).toBe('One. \nThree');
  });

  it.each([
    ['at the end of emphasis', 'a **b{ }** c', 'a **b x** c'],
    ['at the start of emphasis', '**{ }b** c', '**x b** c'],
    ['behind emphasis', '**b**{ }c', '**b** x c'],
    ['before emphasis', 'a{ }_b_', 'a x _b_'],
    ['before emphasis in emphasis', '*a{ }**b***', '*a x **b***'],
    ['in a link', '[b{ }](c)', '[b x](c)'],
    ['in brackets', '({ }b)', '(x b)'],
    ['behind an opening quote', 'a “{ }b”', 'a “x b”'],
    ['before a closing quote', 'a "b{ }" c', 'a "b x" c'],
    ['before an opening quote', 'a{ }"b"', 'a x "b"'],
    ['before a hard break', 'a{ }\\\nb', 'a x\\\nb'],
    ['in a cell', '|a|\n|-|\n|b{ }|', '|a|\n|-|\n|b x|'],
    ['between scripts with and without spaces', '漢{ }a', '漢x a'],
  ])('are parted by the space of an empty span only from words: %s', (_where, marked, written) => {
    const source = marked.replace('{', '<!--mask-->').replace('}', '<!--/mask-->');
    expect(applied(source, { m1: 'x' })).toBe(written);
  });

  it('are parted from a mask before them', () => {
    const source = 'a <!--mask/--><!--mask--> <!--/mask--> b';
    expect(applied(source, { m1: 'x', m2: 'y' })).toBe('a x y b');
  });

  it('cannot change what is around them', () => {
    expect(applied('a <!--mask/-->*b*', { m1: 'x\\' })).toBe('a x*b*');
    expect(applied('a <!--mask/--> `b`', { m1: 'x ` y' })).toBe('a x \\` y `b`');
    expect(applied('a <!--mask/--> b', { m1: '`x ` y <!--mask--> z' })).toBe('a `x ` y \\<!--mask--> z b');
    expect(applied('a <!--mask/--> b', { m1: '\\` `<!--x`' })).toBe('a \\` `<!--x` b');
  });

  it.each([
    ['x*', 'x\\*'],
    ['**x*', '\\**x*'],
    ['_x', '\\_x'],
    ['x ~~', 'x \\~\\~'],
    ['*x* **y** `*`', '*x* **y** `*`'],
    ['2 * 3 a_b \\*', '2 * 3 a_b \\*'],
    ['[x_y*](z_*)', '[x_y\\*](z_*)'],
  ])('hold no emphasis without a partner: %s', (result, written) => {
    expect(applied('a <!--mask/--> b', { m1: result })).toBe(`a ${written} b`);
  });

  it.each([
    ['x*y*(z)', 'x\\*y\\*(z)'],
    ['**x** `*`', '\\*\\*x\\*\\* `*`'],
    ['_x_ [y](z_z.md)', '\\_x\\_ [y](z_z.md)'],
  ])('hold no emphasis in emphasis, which it may end: %s', (result, written) => {
    expect(applied('*a <!--mask/--> b*', { m1: result })).toBe(`*a ${written} b*`);
    expect(applied('a <!--mask/-->*b*', { m1: result })).toBe(`a ${written}*b*`);
  });

  it.each([
    ['[x](https://a.example)', '\\[x\\](https://a.example)'],
    ['[x] `[` \\[', '\\[x\\] `[` \\['],
  ])('hold no link in a link, which it would take apart: %s', (result, written) => {
    expect(applied('[a <!--mask/--> b](c)', { m1: result })).toBe(`[a ${written} b](c)`);
    expect(applied('[![*a <!--mask/-->*](b)](c)', { m1: result })).toBe(`[![*a ${written}*](b)](c)`);
    expect(applied('![a <!--mask/--> b](c)', { m1: result })).toBe(`![a ${result} b](c)`);
  });

  it.each([
    ['# x', '\\# x'],
    ['- x', '\\- x'],
    ['> x', '\\> x'],
    ['12. x', '12\\. x'],
    ['---', '\\---'],
    ['+++', '\\+++'],
    ['===', '\\==='],
    ['--', '\\--'],
    ['-|:-', '\\-|:-'],
    ['| - |', '\\| - |'],
    ['~~~~x~~~~', '\\~~~~x~~~~'],
    ['```x``` y', '```x``` y'],
    ['[a]: b', '\\[a]: b'],
    ['*x* and 3.5', '*x* and 3.5'],
    ['[a](b)', '[a](b)'],
  ])('begin no block where they begin a line: %s', (result, written) => {
    expect(applied('<!--mask/--> b', { m1: result })).toBe(`${written} b`);
    expect(applied('a <!--mask/--> b', { m1: result })).toBe(`a ${result} b`);
    expect(applied('a<!--mask-->\nc<!--/mask--> b', { m1: result })).toBe(`a\n${written} b`);
  });
});

describe('own-line results', () => {
  it('take the document’s line end and end as the closer’s line does', () => {
    const source = 'a\r\n\r\n<!--mask-->\r\nb\r\n<!--/mask-->\r\n\r\nc\n';
    expect(applied(source, { m1: '\nx\n\ny\n\n' })).toBe('a\r\n\r\nx\r\n\r\ny\r\n\r\nc\n');
    expect(applied('a\n\n<!--mask/-->', { m1: 'x\n' })).toBe('a\n\nx');
  });

  it('take the container’s prefix', () => {
    expect(applied('> a\n>\n> <!--mask/-->\n', { m1: 'x\n\ny' })).toBe('> a\n>\n> x\n>\n> y\n');
    expect(applied('1. a\n\n   <!--mask/-->\n', { m1: '- x\n  y\n\n- z' })).toBe(
      '1. a\n\n   - x\n     y\n\n   - z\n',
    );
    expect(applied('> - a\n>\n>\t  <!--mask/-->\n', { m1: 'x\ny' })).toBe('> - a\n>\n>\t  x\n>\t  y\n');
  });

  /** The document with the text between `{` and `}` as the result of a mask there. */
  const unchanged = (short: string): string => {
    const source = short.replace('{', '<!--mask-->').replace('}', '<!--/mask-->');
    return applied(source, { m1: modelForm(source).replace(/^[^]*\[m1|\][^]*$/g, '') });
  };

  it.each([
    ['in code', '{\nBuild it.\n\n```makefile\nall:\n\techo hi\n```\n}\n'],
    ['in a list', '{\n- a\n\t- b\n\n\t\tcode\n}\n'],
    ['in code of an item', '1.\ta\n\n\t{\n\t```\n\t\tb\n\t```\n\t}\n'],
    ['in code of an item whose text is at no tab stop', '- a\n\n  {\n  ```\n  \tb\n  ```\n  }\n'],
    ['in code of a quote', '> {\n> ```\n> \tb\n> ```\n> }\n'],
  ])('keep tabs %s', (_what, short) => {
    expect(unchanged(short)).toBe(short.replace(/[ \t>]*[{}]\n/g, ''));
  });

  it.each([
    ['that the prefix cuts', '> {\n> a\n>\n>\t\tb\n> }\n', '> a\n>\n>   \tb\n'],
    ['that the mark’s indentation cuts', ' {\n- a\n\t- b\n }\n', ' - a\n    - b\n'],
    ['that would reach elsewhere', '> {\n> - a\n > \t- b\n> }\n', '> - a\n>  - b\n'],
  ])('have spaces for a tab %s', (_what, short, written) => {
    expect(unchanged(short)).toBe(written);
  });

  it('are kept apart from a paragraph that touches the mark', () => {
    expect(applied('a\n<!--mask/-->\n\nb', { m1: 'x' })).toBe('a\n\nx\n\nb');
    expect(applied('# a\n<!--mask/-->\nb', { m1: 'x' })).toBe('# a\nx\n\nb');
    expect(applied('- a\n<!--mask-->\n- b\n<!--/mask-->\n- c', { m1: '- x' })).toBe('- a\n- x\n- c');
  });

  it('leave a numbered item that touches the mark an item', () => {
    expect(applied('1. a\n<!--mask/-->\n2. b', { m1: 'x' })).toBe('1. a\n\nx\n\n2. b');
    expect(applied('> 1. a\n> <!--mask/-->\n> 2. b', { m1: 'x' })).toBe('> 1. a\n> \n> x\n>\n> 2. b');
    expect(applied('> <!--mask/-->\n> 2. b', { m1: 'x' })).toBe('> x\n>\n> 2. b');
    expect(applied('1. a\n\n   <!--mask/-->\n2. b', { m1: 'x' })).toBe('1. a\n\n   x\n2. b');
  });

  it('leave a list tight when they are items of it', () => {
    expect(applied('1. a\n<!--mask-->\n2. b\n<!--/mask-->\n3. c', { m1: '2. x\n3. y' })).toBe(
      '1. a\n2. x\n3. y\n3. c',
    );
    expect(applied('1.\ta\n<!--mask-->\n2.\tb\n<!--/mask-->\n3.\tc', { m1: '2.\tx' })).toBe(
      '1.\ta\n2.\tx\n3.\tc',
    );
  });

  it('need no blank line after a paragraph that they interrupt', () => {
    for (const block of ['# x', '#\tx', '> x', '-\tx', '1.\tx', '```\nx\n```']) {
      expect(applied('a\n<!--mask/-->\n', { m1: block })).toBe(`a\n${block}\n`);
    }
  });

  it('are kept apart from an HTML block that touches the mark', () => {
    expect(applied('<p>\n</p>\n<!--mask/-->\n', { m1: '# x' })).toBe('<p>\n</p>\n\n# x\n');
  });

  it('may be empty', () => {
    expect(applied('a\n\n<!--mask-->\nb\n<!--/mask-->\n\nc', { m1: '' })).toBe('a\n\n\n\nc');
  });
});

describe('pictures', () => {
  it('of a slot: only the destination changes', () => {
    expect(applied('*![a](mask:?seed=3 "t")*', { m1: '→images/a.png' })).toBe('*![a](images/a.png "t")*');
    expect(applied('![a](<mask:>)', { m1: '→a.png' })).toBe('![a](a.png)');
  });

  it('redrawn: the mark lines go, the picture stays with its new destination', () => {
    const redrawn = (picture: string): string =>
      applied(`a\n\n<!--mask-->\n${picture}\n<!--/mask-->\n\nb`, { m1: '→new.png' });
    expect(redrawn('![soup](images/soup.png "Soup")')).toBe('a\n\n![soup](new.png "Soup")\n\nb');
    expect(redrawn('[![soup](soup.png)](page.md)')).toBe('a\n\n[![soup](new.png)](page.md)\n\nb');
  });

  it('redrawn, whose destination was defined elsewhere, get their own', () => {
    const source = '<!--mask-->\n![soup][r]\n<!--/mask-->\n\n[r]: old.png\n';
    expect(applied(source, { m1: '→new.png' })).toBe('![soup](new.png)\n\n[r]: old.png\n');
  });

  it('redrawn in a quote stay in it', () => {
    expect(applied('> <!--mask-->\n> ![a](b)\n> <!--/mask-->\n', { m1: '→c' })).toBe('> ![a](c)\n');
  });

  it.each([
    ['a b.png', 'a%20b.png'],
    ['a(b).png', 'a%28b%29.png'],
    ['<a>|`"\\', '%3Ca%3E%7C%60%22%5C'],
    ['line\nbreak', 'line%0Abreak'],
    ['ä/✓%20.png?a&b', 'ä/✓%20.png?a&b'],
    ['a&amp;b', 'a%26amp;b'],
    ['', '<>'],
  ])('have %j written as one destination', (destination, written) => {
    expect(applied('![a](mask:)', { m1: `→${destination}` })).toBe(`![a](${written})`);
  });

  it('inside a span stay as they are, and slots get their own result', () => {
    const source = 'a <!--mask-->b ![c](d.png) e ![f](mask:) g<!--/mask-->.';
    expect(applied(source, { m1: 'B', 'm1.2': 'E', 'm1.3': 'G', m2: '→f.png' })).toBe(
      'a B ![c](d.png) E ![f](f.png) G.',
    );
    expect(applied(source, { m2: '→f.png' })).toBe(source.replace('mask:', 'f.png'));
    expect(applied(source, { 'm1.2': 'E' })).toBe('a b ![c](d.png) E ![f](mask:) g.');
  });

  it('inside a span keep the link or emphasis that is around them alone', () => {
    expect(applied('a <!--mask-->b [![c](d.png)](e)<!--/mask-->', { m1: 'B' })).toBe('a B [![c](d.png)](e)');
    expect(applied('<!--mask-->\n*[![c](mask:)](e)*\n\nb\n<!--/mask-->', { m1: 'B', m2: '→f.png' })).toBe(
      '*[![c](f.png)](e)*\n\nB',
    );
  });

  it('inside a link that the span is inside too stay as they are', () => {
    expect(applied('[<!--mask-->![a](b) c<!--/mask-->](d)', { m1: 'x' })).toBe('[![a](b) x](d)');
    expect(applied('[<!--mask-->![a](b)<!--/mask-->](d)', { m1: 'x' })).toBe('[![a](b) x](d)');
  });

  it('inside own-line marks stay where they are among the blocks', () => {
    const source = '> <!--mask-->\n> a\n>\n> ![b\n> c](d.png)\n>\n> e\n> <!--/mask-->\n';
    expect(applied(source, { m1: 'A', 'm1.2': 'E\nF' })).toBe('> A\n>\n> ![b\n> c](d.png)\n>\n> E\n> F\n');
  });

  it('have an alt text that can be written', () => {
    expect(applied('![<!--mask/-->](soup.png)', { m1: 'a bowl' })).toBe('![a bowl](soup.png)');
  });
});

describe('planned changes', () => {
  it('are ascending and disjoint: a span takes its slots along', () => {
    const document = parsed('<!--mask-->a ![b](mask:)<!--/mask--> ![c](mask:)');
    const results = new Map([
      ['m1', { text: 'x' }],
      ['m2', { destination: 'b.png' }],
      ['m3', { destination: 'c.png' }],
    ]);
    expect(planChanges(document, results).map(({ maskId, text }) => [maskId, text])).toEqual([
      ['m1', 'x ![b](b.png)'],
      ['m3', 'c.png'],
    ]);
  });
});
