import { describe, expect, it } from 'vitest';
import { planChanges, parseDocument } from '../../../../src/core/document/index.js';
import { applyEdits, maskForRun, sectionAt } from '../../../../src/core/marking/index.js';
import { withoutInserted } from './without-inserted.js';
import { inFull, inShort, withSelections } from './helpers.js';

/** The marked copy of a text without marks, braces in it; `⟦` and `⟧` for those of the run. */
function marked(text: string): string {
  const { source, ranges } = withSelections(text);
  const result = maskForRun(source, ranges);
  return result.ok
    ? result.source.replaceAll('<!--mask-->', '⟦').replaceAll('<!--/mask-->', '⟧')
    : `refused: ${result.reason}`;
}

/** The marked copy in short, and the ids of what is to be refined. */
function copied(short: string): readonly [copy: string, ids: string] {
  const { source, ranges } = withSelections(inFull(short));
  const result = maskForRun(source, ranges);
  return result.ok ? [inShort(result.source), result.maskIds.join(' ')] : [`refused: ${result.reason}`, ''];
}

describe('the masks of one run', () => {
  it.each([
    ['paragraphs, one by one', 'a\n\n«b c\nd\n\ne»\n\nf\n', 'a\n\n{\nb c\nd\n}\n\n{\ne\n}\n\nf\n', 'm1 m2'],
    ['no headings', '«a\n\n## b\n\nc»\n', '{\na\n}\n\n## b\n\n{\nc\n}\n', 'm1 m2'],
    ['the text of items', '«- a\n- b\n  - c»\n', '- {a}\n- {b}\n  - {c}\n', 'm1 m2 m3'],
    [
      'tasks and footnotes without their labels',
      '«- [ ] a\n\n[^1]: b»\n',
      '- [ ] {a}\n\n[^1]: {b}\n',
      'm1 m2',
    ],
    ['cells with words', '«| a |\n|---|\n| b |\n| 7 |»\n', '| a |\n|---|\n| {b} |\n| 7 |\n', 'm1'],
    [
      'no code, HTML, rules and definitions',
      '«```\na\n```\n\n<p>b</p>\n\n***\n\n[c]: d\n\ne»\n',
      '```\na\n```\n\n<p>b</p>\n\n***\n\n[c]: d\n\n{\ne\n}\n',
      'm1',
    ],
    [
      'no picture that is there',
      '«![a](b.png)\n\nc ![d](e.png)»\n',
      '![a](b.png)\n\n{\nc ![d](e.png)\n}\n',
      'm1',
    ],
    [
      'slots as they are',
      '«![a](mask:)\n\nb»\n\n![c](mask:)\n',
      '![a](mask:)\n\n{\nb\n}\n\n![c](mask:)\n',
      'm1 m2',
    ],
    ['masks as they are', '«a {b} c\n\nd»\n\n{e}\n', 'a {b} c\n\n{\nd\n}\n\n{e}\n', 'm1 m2'],
    ['just the words that are selected', 'a «b c\n\nd» e\n', 'a {b c}\n\n{d} e\n', 'm1 m2'],
    ['quoted text with a lazy line', '«> a\nb»\n', '> {a\nb}\n', 'm1'],
    ['paragraphs of a quote', '«> a\n>\n> b»\n', '> {\n> a\n> }\n>\n> {\n> b\n> }\n', 'm1 m2'],
    ['the text of callouts', '«> [!NOTE]\n> a b»\n', '> [!NOTE]\n> {a b}\n', 'm1'],
    [
      'no titles of callouts',
      '«> [!note]+ a b\n> - c\n\n> [!tip]\n>\n> d»\n',
      '> [!note]+ a b\n> - {c}\n\n> [!tip]\n>\n> {\n> d\n> }\n',
      'm1 m2',
    ],
    ['a heading that is selected alone', '# «a b»\n\nc\n', '# {a b}\n\nc\n', 'm1'],
    ['those of several selections', 'a «b» c «d»\n\ne\n\n«{f}»\n', 'a {b} c {d}\n\ne\n\n{f}\n', 'm1 m2 m3'],
    ['those of a range within another once', '«a\n\n»«b\n»', '{\na\n}\n\n{\nb\n}\n', 'm1 m2'],
    ['words that grow to the same as one', 'a [b](c«d»e«f») g', 'a {[b](cdef)} g', 'm1'],
  ])('are %s', (_what, before, after, ids) => {
    expect(copied(before)).toEqual([after, ids]);
  });

  it.each([
    ['display math', '$$\na + b\n$$'],
    ['math with what Markdown reads as items in it', '$$\na\n+ b\n\n- c\n$$'],
    ['math on one line', '\\[ a + b \\]'],
    ['environments', '\\begin{align}\na &= b\n\\end{align}'],
    ['math that does not end', '$$\na\nb'],
    ['shortcodes', '{{< figure src="a.png" alt="b" >}}'],
    ['shortcodes over several lines', '{{% figure\nsrc="a.png"\n%}}'],
    ['attributes', '{: .note}'],
    ['containers', '::: tip A title\n:::'],
    ['tables of contents', '[toc]\n\n[[_TOC_]]'],
    ['embedded pages', '![[image.png]]'],
    ['openers of admonitions', '!!! note "A title"\n\n    a\n\n??? tip\n\n    b'],
    ['openers of tabs', '=== "A tab"\n\n    a'],
    ['abbreviations', '*[HTML]: a language'],
    ['items of code', '- `a`\n- `b`, `c`'],
    [
      'cells of code, HTML and addresses',
      '| 1 | 2 |\n|---|---|\n| `--a` | <kbd>X</kbd> |\n| https://a.b | <https://c.d> |',
    ],
    [
      'cells of formulas, and links and pictures without words',
      '| 1 |\n|---|\n| $a$ |\n| [1](a.md) |\n| [![b](c.png)](d.md) |',
    ],
  ])('are none of %s', (_what, text) => {
    expect(marked(`«${text}\n\n# Z\n\nz»\n`)).toBe(`${text}\n\n# Z\n\n⟦\nz\n⟧\n`);
  });

  it.each([
    ['in containers', '«::: tip\na\nb\n:::»\n', '::: tip\n⟦a\nb⟧\n:::\n'],
    ['in shortcodes', '«{{% note %}}\na\n{{% /note %}}»\n', '{{% note %}}\n⟦a⟧\n{{% /note %}}\n'],
    ['in quotes', '> «::: tip\n> a\n> :::»\n', '> ::: tip\n> ⟦a⟧\n> :::\n'],
    ['around math', '«a\n$$\nb * c\n$$\nd * e»\n', '⟦a⟧\n$$\nb * c\n$$\n⟦d * e⟧\n'],
    ['behind a shortcode', '«{{< b >}} a»\n', '⟦\n{{< b >}} a\n⟧\n'],
    ['around a formula', '«a $b$ c»\n', '⟦\na $b$ c\n⟧\n'],
    [
      'in escaped brackets',
      '«\\[x] means done here.\n\nLast \\[a\\] words.»\n',
      '⟦\n\\[x] means done here.\n⟧\n\n⟦\nLast \\[a\\] words.\n⟧\n',
    ],
    [
      'about math that begins and ends elsewhere',
      '«$$ is a sign.\n\nSo is $$.\n\n\\begin{x} too.»\n',
      '⟦\n$$ is a sign.\n⟧\n\n⟦\nSo is $$.\n⟧\n\n⟦\n\\begin{x} too.\n⟧\n',
    ],
    [
      'that begins as markers do',
      '«{a} is {b}\n\n!!! Never do this.\n\n=== is strict\n\n::a is here»\n',
      '⟦\n{a} is {b}\n⟧\n\n⟦\n!!! Never do this.\n⟧\n\n⟦\n=== is strict\n⟧\n\n⟦\n::a is here\n⟧\n',
    ],
    ['below what is no math', '$$ a\n\n«b\n\n```\n$$\n```\n»', '$$ a\n\n⟦\nb\n⟧\n\n```\n$$\n```\n'],
  ])('are of the prose %s', (_what, before, after) => {
    expect(marked(before)).toBe(after);
  });

  it.each([
    ['code alone', '«```\na\n```»\n', /no text and no image slot/],
    ['an ill-formed document', '«a»\n\nb {c\n', /line 3/],
    ['nothing', 'a\n«»\nb\n', /no text/],
    ['selections that grow over each other', 'a «b *c» d «e* f» g', /line 1 cannot be masked apart/],
  ])('are none in %s', (_what, before, reason) => {
    expect(copied(before)[0]).toMatch(reason);
  });

  it('lead back to the document: what a run writes replaces the text alone', () => {
    const { source, ranges } = withSelections('> «a b\n>\n> - c\n>   d\n>\n> e»\n\nf\n');
    const copy = maskForRun(source, ranges);
    if (!copy.ok) throw new Error(copy.reason);
    const parsed = parseDocument(copy.source);
    if (!parsed.ok) throw new Error(parsed.error.message);
    const changes = planChanges(
      parsed.document,
      new Map(copy.maskIds.map((id) => [id, { text: `${id}\n\nx` }])),
    );
    const edits = changes.map(({ range: place, text }) => ({
      range: withoutInserted(place, copy.inserted),
      text,
    }));
    expect(applyEdits(source, edits)).toBe('> m1\n>\n> x\n>\n> - m2 x\n>\n> m3\n>\n> x\n\nf\n');
  });
});

describe('a section', () => {
  const source = 'intro\n\n# A\none\n## B\n\ntwo\n\n> # quoted\n\nC\n===\nthree\n\nD\n---\n\n# E';
  const at = (text: string): string => {
    const { start, end } = sectionAt(source, source.indexOf(text));
    return source.slice(start, end);
  };

  it.each([
    ['intro', 'intro\n\n'],
    ['one', 'one\n## B\n\ntwo\n\n> # quoted\n\n'],
    ['# A', 'one\n## B\n\ntwo\n\n> # quoted\n\n'],
    ['quoted', '\ntwo\n\n> # quoted\n\n'],
    ['three', 'three\n\nD\n---\n\n'],
    ['---', '\n'],
    ['# E', ''],
  ])('is found from %j', (text, expected) => {
    expect(at(text)).toBe(expected);
  });

  it('begins after front matter', () => {
    expect(sectionAt('---\na: b\n---\nc\n', 2)).toEqual({ start: 13, end: 15 });
  });
});
