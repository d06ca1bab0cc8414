import { describe, expect, it } from 'vitest';
import { maskSelection } from '../../../../src/core/marking/index.js';
import { expectLinearTime } from '../../linear-time.js';
import { inFull, inShort, shown, withSelections } from './helpers.js';

function masked(short: string): string {
  const { source, ranges } = withSelections(inFull(short));
  return inShort(shown(source, maskSelection(source, ranges)));
}

describe('Mask Selection within a line of text', () => {
  it.each([
    ['words', 'Simmer «for ten minutes».', 'Simmer {«for ten minutes»}.'],
    ['words with white space at the ends', 'Simmer« for ten »minutes.', 'Simmer {«for ten»} minutes.'],
    ['a part of a word', 'Sim«mer» it.', 'Sim{«mer»} it.'],
    ['words with emphasis in them', 'a «b *c* d» e', 'a {«b *c* d»} e'],
    ['words over two lines', 'a «b\nc» d', 'a {«b\nc»} d'],
    ['words in an HTML element', 'a <b>b «c»</b> d', 'a <b>b {«c»}</b> d'],
    ['words in emphasis', 'a *b «c»* d', 'a *b {«c»}* d'],
    ['all words in emphasis', 'a *«b c»* d', 'a *{«b c»}* d'],
    ['the text of a link', 'a [«b»](c) d', 'a [{«b»}](c) d'],
    ['an alt text', 'a ![«b»](c.png) d', 'a ![{«b»}](c.png) d'],
    ['the text of a heading', '# A «b» c #\n', '# A {«b»} c #\n'],
    ['all of a heading', '«## Salt and pepper»\n', '## {«Salt and pepper»}\n'],
    ['the title of a callout', '> [!tip]- «A title»\n> b\n', '> [!tip]- {«A title»}\n> b\n'],
    ['the text of a task', '- [ ] «buy salt»\n', '- [ ] {«buy salt»}\n'],
    ['all of a footnote', '«[^1]: a note»\n', '[^1]: {«a note»}\n'],
    ['emoji', 'a «🍅» b', 'a {«🍅»} b'],
  ])('masks %s inline', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });

  it.each([
    ['into emphasis', 'a «b *c» d* e', 'a {«b *c d*»} e'],
    ['into a link', 'a [b «c](d) e» f', 'a {«[b c](d) e»} f'],
    ['into a link’s destination', 'a [b](c«d) e» f', 'a {«[b](cd) e»} f'],
    ['into code', 'a `b «c` d» e', 'a {«`b c` d»} e'],
    ['into an autolink', 'a <http«://b.c> d» e', 'a {«<http://b.c> d»} e'],
    ['into a footnote’s reference', 'a[^«b»] c', 'a{«[^b]»} c'],
    ['out of an HTML element', 'a «<b>b» c</b> d', 'a {«<b>b c</b>»} d'],
    ['into an HTML element’s attribute', 'a <a b="«c»">d</a> e', 'a {«<a b="c">d</a>»} e'],
    ['into an HTML element that holds another', 'a <i><i>b</i> «c</i> d» e', 'a {«<i><i>b</i> c</i> d»} e'],
    ['into an HTML tag', 'a <b «x="y"> c» d', 'a {«<b x="y"> c»} d'],
    ['into an entity', 'a &am«p; b» c', 'a {«&amp; b»} c'],
    ['into an escape', 'a \\«* b» c', 'a {«\\* b»} c'],
    ['out of nested emphasis', 'a **b *c «d* e** f» g', 'a {«**b *c d* e** f»} g'],
    ['in a label', 'a [b «c»] d\n\n[b c]: e', 'a {«[b c]»} d\n\n[b c]: e'],
    ['half an emoji', 'a «\uD83C»\uDF45 b', 'a {«\uD83C\uDF45»} b'],
  ])('grows a selection that reaches %s', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });

  it.each([
    ['begin after the first word', '«Simmer for ten» minutes.', 'Simmer {«for ten»} minutes.'],
    [
      'begin after a first word of several pieces',
      '«**Note that** it» boils.',
      '**Note that** {«it»} boils.',
    ],
    ['begin at the end of the line before its prefix', '> a b\n«> c d»\n', '> a b{«\n> c d»}\n'],
    ['begin at the end of the line before', 'a\n«b c» d', 'a{«\nb c»} d'],
    ['keep a hard break', 'a\\\n«b c» d', 'a\\\nb {«c»} d'],
    [
      'stand in emphasis that begins an item',
      '1. «**Mix.**» Put all in.\n2. Bake.\n',
      '1. **{«Mix.»}** Put all in.\n2. Bake.\n',
    ],
    ['stand in emphasis that begins a quote', '> «**Tip:**» use it\n', '> **{«Tip:»}** use it\n'],
    ['stand in emphasis before punctuation', '- «**Salt**:» a pinch\n', '- **{«Salt»}**: a pinch\n'],
    ['stand in nested emphasis', '«[***Mix***](a)» it', '[***{«Mix»}***](a) it'],
    ['stand in an HTML element', '«<kbd>X</kbd>» it', '<kbd>{«X»}</kbd> it'],
    ['stand in a link', '«[Docs](x.md)» are here.', '[{«Docs»}](x.md) are here.'],
    ['begin after an item’s first word', '- «Boil the» water\n', '- Boil {«the»} water\n'],
    ['leave the items below alone', '- «Boil water»\n  - hot\n', '- Boil {«water»}\n  - hot\n'],
    [
      'begin after the first word below a callout’s label',
      '> [!NOTE]\n> «Useful info.»\n',
      '> [!NOTE]\n> Useful {«info.»}\n',
    ],
    [
      'begin after the first word of a callout that is selected with its label',
      '«> [!tip]- A title\n> Useful info\n> for you.»\n',
      '> [!tip]- A title\n> Useful {«info\n> for you.»}\n',
    ],
  ])('never begins a line: marks %s', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });
});

describe('Mask Selection around whole blocks', () => {
  it.each([
    ['a paragraph', 'One.\n\n«Two\ntwo.»\n\nThree.\n', 'One.\n\n{\n«Two\ntwo.»\n}\n\nThree.\n'],
    ['a link’s destination at its start', '[Simmer](«a.md») it.', '{\n«[Simmer](a.md) it.»\n}'],
    ['a first word alone', '«Simmer» it.', '{\n«Simmer it.»\n}'],
    ['paragraphs that are touched', 'One «one.\n\nTwo» two.\n', '{\n«One one.\n\nTwo two.»\n}\n'],
    ['a paragraph and a list', '«One.\n\n- two\n- th»ree\n', '{\n«One.\n\n- two\n- three»\n}\n'],
    ['an item', '- a\n- «b c»\n- d\n', '- a\n{\n«- b c»\n}\n- d\n'],
    ['items', '- a\n- b «c\n- d» e\n- f\n', '- a\n{\n«- b c\n- d e»\n}\n- f\n'],
    ['items of an inner list', '- a\n  - b «c\n  - d»\n- e\n', '- a\n  {\n  «- b c\n  - d»\n  }\n- e\n'],
    ['a paragraph of an item', '- a\n\n  «b»\n', '- a\n\n  {\n  «b»\n  }\n'],
    ['a paragraph of a quote', '> a\n>\n> «b»\n', '> a\n>\n> {\n> «b»\n> }\n'],
    ['a quote with a lazy line', '> a\n«b»\n\nc\n', '> a{«\nb»}\n\nc\n'],
    ['an underlined heading', '«A heading\n===»\n', '{\n«A heading\n===»\n}\n'],
    ['code that is touched', 'a\n\n```\nb «c»\n```\n', 'a\n\n{\n«```\nb c\n```»\n}\n'],
    ['indented code', 'a\n\n    «b»\n', 'a\n\n{\n«    b»\n}\n'],
    ['footnotes with their labels', '«[^1]: a\n[^2]: b»\n', '{\n«[^1]: a\n[^2]: b»\n}\n'],
    ['code below an item of a footnote', '[^1]: a\n\nb\n\n    «c»\n', '[^1]: a\n\nb\n\n{\n«    c»\n}\n'],
    ['code that a tab indents', 'a\n\n\t«b»\n', 'a\n\n{\n«\tb»\n}\n'],
    ['code that tabs indent in an item', '- a\n\n\t\t«b»\n', '- a\n\n\t{\n\t«\tb»\n\t}\n'],
    ['code that tabs indent in a quote', '> a\n>\n>\t\t«b»\n', '> a\n>\n>\t{\n>\t«\tb»\n>\t}\n'],
    ['HTML', '«<div class="b>">\na<br>\n</div>»\n', '{\n«<div class="b>">\na<br>\n</div>»\n}\n'],
    ['text between tags, with them', '«<p>\n\na\n\n</p>\n\nb»\n', '{\n«<p>\n\na\n\n</p>\n\nb»\n}\n'],
    [
      'a script',
      '«<script>\nif (a<b) c("<d>");\n</script>»\n',
      '{\n«<script>\nif (a<b) c("<d>");\n</script>»\n}\n',
    ],
    ['HTML that closes no tag', '«<ul>\n<li>a\n<li>b\n</ul>»\n', '{\n«<ul>\n<li>a\n<li>b\n</ul>»\n}\n'],
    ['CRLF lines', 'a\r\n\r\n«b»\r\n', 'a\r\n\r\n{\r\n«b»\r\n}\r\n'],
    ['a paragraph that a tab indents', '1.\ta\n\n\t«b»\n', '1.\ta\n\n\t{\n\t«b»\n\t}\n'],
  ])('masks %s', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });
});

describe('Mask Selection in a table', () => {
  const table = (row: string): string => `| a | b |\n|---|---|\n${row}\n`;

  it.each([
    ['a cell', '| «c d» | e |', '| {«c d»} | e |'],
    ['a part of a cell', '| c «d» | e |', '| c {«d»} | e |'],
    ['each cell that is selected', '| «c d | e» |', '| {«c d»} | {«e»} |'],
    ['cells of several rows', '| c | «d |\n| e |» f |', '| c | {«d»} |\n| {«e»} | f |'],
    ['a cell and a blank one', '| «c |   |»', '| {«c»} | {}«»  |'],
  ])('masks %s', (_what, before, after) => {
    expect(masked(table(before))).toBe(table(after));
  });

  it('masks the whole table when all of it is selected', () => {
    expect(masked('«| a |\n|---|\n| b |»\n')).toBe('{\n«| a |\n|---|\n| b |»\n}\n');
  });

  it('begins after the first word of a row without a pipe', () => {
    expect(masked('a | b\n--|--\n«c d» | e\n')).toBe('a | b\n--|--\nc {«d»} | e\n');
  });
});

describe('Mask Selection of a picture', () => {
  it.each([
    ['that is selected', 'a\n\n«![soup](soup.png)»\n', 'a\n\n{\n«![soup](soup.png)»\n}\n'],
    ['with the cursor in it', '![so«»up](soup.png)\n', '{\n«![soup](soup.png)»\n}\n'],
    ['with a link around it', '«[![soup](soup.png)](b)»\n', '{\n«[![soup](soup.png)](b)»\n}\n'],
    ['below an item’s text', '- a\n\n  «![b](c.png)»\n', '- a\n\n  {\n  «![b](c.png)»\n  }\n'],
  ])('masks one %s, to redraw it', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });

  it.each([
    ['among words', 'a «![b](c.png)» d', /other text/],
    ['with attributes', '«![b](c.png)»{width=50%}', /other text/],
    ['under a line of text', 'a\n«![b](c.png)»', /blank lines/],
    ['behind a list marker', '- «![b](c.png)»', /list marker/],
    ['behind a list marker with a line below', '- «![b](c.png)»\n  a', /list marker/],
    ['under a line of an item', '- a\n  «![b](c.png)»', /own can be redrawn; put blank lines/],
    ['under a line of an item in a quote', '> - a\n>   «![b](c.png)»', /redrawn; put blank lines/],
    ['beside another in an item', '- a\n  «![b](c.png)» ![d](e.png)', /other text/],
    ['that is a slot', '«![b](mask:)»', /already/],
    ['that is masked', '{\n![«»b](c.png)\n}\n', /nest/],
  ])('refuses one %s', (_what, before, reason) => {
    expect(masked(before)).toMatch(/^refused: /);
    expect(masked(before)).toMatch(reason);
  });
});

describe('Mask Selection with nothing selected', () => {
  it.each([
    ['behind a space', 'Simmer «»\n', 'Simmer {}«»\n'],
    ['between spaces', 'Simmer «» it\n', 'Simmer {}«» it\n'],
    ['before a word', 'Simmer «»it\n', 'Simmer { }«»it\n'],
    ['behind a word', 'Simmer«» it\n', 'Simmer{ }«» it\n'],
    ['in a word, behind it', 'Sim«»mer it\n', 'Simmer{ }«» it\n'],
    ['in CJK text', '漢«»字', '漢{}«»字'],
    ['in emphasis', 'a **«»** b', 'a **{}«»** b'],
    ['in code, behind it', 'a `b «»c` d', 'a `b c`{ }«» d'],
    ['in a footnote’s reference, behind it', 'a[^«»b] c', 'a[^b]{ }«» c'],
    ['in parentheses', 'a («») b', 'a ({}«») b'],
    ['in a word of emphasis, behind it', 'a **bo«»ld** c', 'a **bold{ }«»** c'],
    ['at the start of emphasis', '**«»bold** c', '**{ }«»bold** c'],
    ['in the opener of emphasis, behind it', 'a *«»*b** c', 'a **{ }«»b** c'],
    ['in the closer of emphasis, behind it', 'a __b_«»_ c', 'a __b__{ }«» c'],
    ['at the end of emphasis', 'a _b«»_ c', 'a _b{ }«»_ c'],
    ['behind emphasis', 'a ~~b~~«» c', 'a ~~b~~{ }«» c'],
    ['before emphasis', 'a «»_b_ c', 'a { }«»_b_ c'],
    ['before code', 'a «»`b` c', 'a { }«»`b` c'],
    ['in an entity, behind it', 'a &am«»p; b', 'a &amp;{ }«» b'],
    ['in an escape, behind it', 'a \\«»* b', 'a \\*{ }«» b'],
    ['in a word with an underscore', 'a b«»_c d', 'a b_c{ }«» d'],
    ['before a closing quote', 'a ’b«»’ c', 'a ’b{ }«»’ c'],
    ['behind a mask', 'a {b}«» c', 'a {b}{ }«» c'],
    ['behind an empty mask', 'a {}«» c', 'a {}{ }«» c'],
    ['before a mask', 'a «»{b} c', 'a { }«»{b} c'],
    ['in an empty heading', '# «»\n', '# {}«»\n'],
    ['in the title of a callout', '> [!tip] a «»b\n> c\n', '> [!tip] a { }«»b\n> c\n'],
    ['in a cell', '| a |\n|---|\n| «» |\n', '| a |\n|---|\n| {}«» |\n'],
    ['at the start of a later line', 'a\n«»b', 'a{ }«»\nb'],
    ['behind a hard break', 'a\\«»\nb', 'a{ }«»\\\nb'],
    ['behind spaces that break the line', 'a   «»\r\nb', 'a{ }«»   \r\nb'],
    ['behind a backslash that breaks no line', 'a\\\\«»\nb', 'a\\\\{ }«»\nb'],
    ['behind a space at the end of a line', 'a «»\nb', 'a {}«»\nb'],
  ])('puts an empty mask there: %s', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });

  it.each([
    ['on a blank line', 'a\n\n«»\nb\n', 'a\n\n{}«»\n\nb\n'],
    ['at the end', 'a\n\n«»', 'a\n\n{}«»\n'],
    ['in an empty document', '«»', '{}«»\n'],
    ['on a blank line of a quote', '> a\n>«»\n> b\n', '> a\n> {}«»\n>\n> b\n'],
    ['on an indented line of an item', '- a\n\n  «»\n\n- b\n', '- a\n\n  {}«»\n  \n\n- b\n'],
    ['before a paragraph', 'a\n\n«»b\n', 'a\n\n{}«»\nb\n'],
    ['before an item', '- a\n- «»b\n', '- a\n{}«»\n- b\n'],
    ['behind front matter without a line end', '---\na: b\n---«»', '---\na: b\n---\n{}«»'],
    ['before a quote', '> «»a\n', '> {}«»\n> a\n'],
    ['before own-line marks', 'a\n\n«»{\nb\n}\n', 'a\n\n{}«»\n{\nb\n}\n'],
    ['behind own-line marks', '> {\n> a\n> } «»\n', '> {\n> a\n> } \n> {}«»\n'],
    ['behind own-line marks with a line end like theirs', '{}«»\r\n\n\n', '{}\r\n{}«»\r\n\n\n'],
    ['behind the last own-line mark', '{}«»', '{}\n{}«»'],
    ['before a paragraph of an item', '1.\ta\n\n\t«»b\n', '1.\ta\n\n\t{}«»\n\tb\n'],
  ])('puts it on a line of its own: %s', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });
});

describe('Mask Selection where no mask may be', () => {
  it.each([
    ['in front matter', '---\na: «b»\n---\nc\n', /Front matter/],
    ['with the cursor at a thematic break', '---«»\n', /put the cursor behind a word/],
    ['with the cursor in code', '```\na«»\n```\n', /code/],
    ['in a mask', 'a {b «c» d}', /nest/],
    ['around a mask', 'a «b {c} d» e', /nest/],
    ['with the cursor in a mask', 'a {b «»c}', /nest/],
    ['in code without an end', '```\n«a»\n', /end/],
    ['in a definition', '[a]: «b»\n', /definition/],
    ['beside an ill-formed mark', 'a {b\n\nc «d» e', /line 1/],
    ['before a closer that would end it', 'a «b} c» d', /line 1/],
    ['before code that would hold its closer', '-\t«`»<!--mask\n\t```\n\n<!--/mask', /line 1/],
    ['in a part of HTML', '<div>\n«a»\n</div>\n', /whole block/],
    ['an opening tag alone', 'a\n\n«<details>»\n\nb\n\n</details>\n', /closing tag/],
    ['a closing tag alone', '<details>\n\nb\n\n«</details>»\n', /closing tag/],
    ['text and a closing tag', '<details>\n\n«b\n\n</details>»\n', /closing tag/],
    ['in a comment', 'a <!-- «b» --> c', /HTML/],
    ['beyond the last column', '| a |\n|---|\n| b | «c» |\n', /beyond the last column/],
    ['in the line under a table’s head', '| a |\n|-«-»-|\n| b |\n', /under a table’s head/],
    ['in an image’s label', '![«a»]\n\n[a]: b.png\n', /as in `\[text\]\[label\]`/],
    ['over paragraphs of a footnote', '[^1]: «a b\n\n    c»\n', /footnote/],
    ['over footnotes', 'a\n\n[^1]: b «c\n[^2]: d» e\n', /footnote/],
    ['in a further paragraph of a footnote', '[^1]: a\n\n    b\n\n    c «d» e\n', /footnote/],
    ['before the first word of a callout', '> [!NOTE]\n> «»x y\n', /cursor/],
    ['over paragraphs of a callout', '> [!NOTE]\n> a «b\n>\n> c»\n', /label of this callout/],
    ['in the first word of a callout', '> [!NOTE]\n> «Useful» info.\n', /words behind the first/],
    ['where its words would undo emphasis', 'a *"**«»', /cursor/],
    ['in an empty item', '- «»\n', /write a word first/],
  ])('refuses: %s', (_what, before, reason) => {
    expect(masked(before)).toMatch(/^refused: /);
    expect(masked(before)).toMatch(reason);
  });
});

describe('Mask Selection with several selections', () => {
  it.each([
    ['words of a paragraph', 'a «b» c «d» e', 'a {«b»} c {«d»} e'],
    ['in whatever form each asks for', 'a «b»\n\n«c»\n\nd «»\n', 'a {«b»}\n\n{\n«c»\n}\n\nd {}«»\n'],
    ['paragraphs next to each other', '«a»\n\n«b»\n', '{\n«a»\n}\n\n{\n«b»\n}\n'],
    ['items next to each other', '- a\n- «b c»\n- «d e»\n', '- a\n{\n«- b c»\n}\n{\n«- d e»\n}\n'],
    ['selections that touch', 'a «b»«c» d', 'a {«b»}{«c»} d'],
    ['cells', '| a |\n|---|\n| «b» |\n| c «d» |\n', '| a |\n|---|\n| {«b»} |\n| c {«d»} |\n'],
    ['pictures', '«![a](b.png)»\n\n![c](d«».png)\n', '{\n«![a](b.png)»\n}\n\n{\n«![c](d.png)»\n}\n'],
    ['words of the same code as one', 'a `b «c» d «e»` f', 'a {«`b c d e`»} f'],
    ['a first word, and a word that goes with it', '«a» b «c» d\n', '{\n«a b c d»\n}\n'],
    ['cursors in the same word as one', 'a w«»or«»d b', 'a word{ }«» b'],
  ])('masks %s', (_what, before, after) => {
    expect(masked(before)).toBe(after);
  });

  it('masks many in linear time', () => {
    const paragraph = 'Simmer the soup for ten minutes.\n\n';
    const maskEach = (count: number): void => {
      const ranges = Array.from({ length: count }, (_, index) => {
        const start = index * paragraph.length + 'Simmer the '.length;
        return { start, end: start + 'soup'.length };
      });
      expect(maskSelection(paragraph.repeat(count), ranges).ok).toBe(true);
    };
    expectLinearTime(maskEach, 2000, 'a selection in every paragraph');
  });

  it.each([
    [
      'one is in code',
      'a «b» c\n\n```\nd«»\n```\n',
      /^refused: Nothing was changed, because of line 4: Marks /,
    ],
    ['they would pair with a mark that is wrong', '«»}]«»(mask:', /^refused: Mend the mark on line 1 first/],
    ['one is masked', 'a «b» {c «d»}', /because of line 1: Masks do not nest/],
    ['one grows over a part of another', 'a «b *c» d «e* f» g', /line 1 cannot be masked apart/],
    ['an empty mask would be in another', '«»\n\n«a» b«» c\n', /line 3 cannot be masked apart/],
  ])('masks none when %s', (_what, before, reason) => {
    expect(masked(before)).toMatch(/^refused: /);
    expect(masked(before)).toMatch(reason);
  });
});
