import { describe, expect, it } from 'vitest';
import { analyzeDocument } from '../../../../src/core/document/index.js';
import { applyEdits, quickFixesAt } from '../../../../src/core/marking/index.js';
import { inFull, inShort } from './helpers.js';

/** Each fix as `title → result`, marks in short. */
function fixes(short: string): string[] {
  const source = inFull(short);
  const found = quickFixesAt(source, { start: 0, end: source.length });
  // Two errors of one mask may have the same fixes.
  return [...new Set(found.map(({ title, edits }) => inShort(`${title} → ${applyEdits(source, edits)}`)))];
}

describe('quick fixes', () => {
  it.each([
    [
      'an inline mark without a closer',
      'a {b c\nd.',
      [
        'Add the closer `}` → a {b c\nd.}',
        'Make this an empty mask: `{}` → a {}b c\nd.',
        'Remove this mark → a b c\nd.',
      ],
    ],
    [
      'a mark in emphasis without a closer',
      'a *{b* c',
      [
        'Add the closer `}` → a *{b}* c',
        'Make this an empty mask: `{}` → a *{}b* c',
        'Remove this mark → a *b* c',
      ],
    ],
    [
      'an own-line mark without a closer',
      '{\n- a\n- b\n\nc\n',
      [
        'Add the closer `}` → {\n- a\n}\n- b\n\nc\n',
        'Make this an empty mask: `{}` → {}\n- a\n- b\n\nc\n',
        'Remove this mark → - a\n- b\n\nc\n',
      ],
    ],
    ['a closer without an opener', 'a} b', ['Remove this mark → a b']],
    [
      'a nested mark before a closer',
      'a {b {c} d',
      ['Close the mask before this one → a {b} {c} d', 'Remove this mark → a {b c} d'],
    ],
    ['a closer with options', 'a {b<!--/mask max=3-->', ['Write `}` → a {b}']],
    [
      'a span that cuts emphasis',
      'a {b *c} d* e',
      ['Put the marks where they may stand → a {b *c d*} e', 'Remove the marks of this mask → a b *c d* e'],
    ],
    [
      'a span over cells',
      '| {a | b} |\n|---|---|\n',
      ['Remove the marks of this mask → | a | b |\n|---|---|\n'],
    ],
    [
      'a span over paragraphs',
      'a {b\n\nc} d',
      ['Put the marks where they may stand → {\na b\n\nc d\n}', 'Remove the marks of this mask → a b\n\nc d'],
    ],
    [
      'marks of two forms',
      '{\na}\n',
      ['Put the marks where they may stand → {\na\n}\n', 'Remove the marks of this mask → a\n'],
    ],
    [
      'own-line marks in a paragraph',
      'a\n{\nb\n}\nc\n',
      ['Put the marks where they may stand → a{\nb}\nc\n', 'Remove the marks of this mask → a\nb\nc\n'],
    ],
    [
      'both marks on a line of their own in a paragraph',
      'a\n<!--mask-->}\nc\n',
      ['Remove the marks of this mask → a\nc\n'],
    ],
    [
      'a mark that begins a line',
      '{a b} c',
      ['Put the marks where they may stand → a {b} c', 'Remove the marks of this mask → a b c'],
    ],
    ['a mark before a list marker', '{- a}', ['Remove the marks of this mask → - a']],
    ['a link to a slot', '[a](mask:)', ['Make this link an image slot → ![a](mask:)']],
    ['a slot with spaces', '![a](mask: ?seed=7)', ['Write `mask:?seed=7` → ![a](mask:?seed=7)']],
    [
      'a slot with spaces for signs',
      '![a](mask: style=noto, seed=7 so "t")',
      ['Write `mask:?style=noto&seed=7` → ![a](mask:?style=noto&seed=7 "t")'],
    ],
    ['a slot with spaces and a word', '![a](mask: noto)', ['Write `mask:` → ![a](mask:)']],
    ['a slot without a question mark', '![a](mask:seed=7)', ['Write `mask:?seed=7` → ![a](mask:?seed=7)']],
    ['a slot in brackets', '![a](<mask: seed=7>)', ['Write `mask:?seed=7` → ![a](mask:?seed=7)']],
    ['a slot for a word', '![a](mask:noto)', ['Write `mask:` → ![a](mask:)']],
    ['marks around a slot', '{\n![a](mask:)\n}\n', ['Remove the marks of this mask → ![a](mask:)\n']],
  ])('mend %s', (_what, before, expected) => {
    expect(fixes(before)).toEqual(expected);
  });

  const options = (list: string): string[] =>
    fixes(`a <!--mask ${list}-->b}`).map((fix) =>
      fix.replace(/ → a (?:<!--mask(.*)-->|\{)b\}$/s, (_all, left?: string) => ` →${left ?? ''}`),
    );

  it.each([
    ['strenght=1', ['Write `strength` → strength=1', 'Remove `strenght=1` →']],
    ['seed=1 x=2', ['Remove `x=2` → seed=1']],
    ['seed=1 seed=2 max=3', ['Remove `seed=2` → seed=1 max=3']],
    ['strength=7', ['Write `strength=1` → strength=1', 'Remove `strength=7` →']],
    ['max=2.6', ['Write `max=3` → max=3', 'Remove `max=2.6` →']],
    ['max="much"', ['Write `max=80` → max=80', 'Remove `max="much"` →']],
    ['style=noto', ['Remove `style=noto` →']],
    ['max=3 length=4', ['Remove `length=4` → max=3']],
    ['max=3 so', ['Remove `so` → max=3']],
  ])('mend the options %j', (list, expected) => {
    expect(options(list)).toEqual(expected);
  });

  it('mend the options of a slot', () => {
    expect(fixes('![a](mask:?size=9999&seed=1)')).toEqual([
      'Write `size=2048` → ![a](mask:?size=2048&seed=1)',
      'Remove `size=9999` → ![a](mask:?seed=1)',
    ]);
    expect(fixes('![a](mask:?seed=1&max=2)')).toEqual(['Remove `max=2` → ![a](mask:?seed=1)']);
    expect(fixes('![a](mask:?max=2)')).toEqual(['Remove `max=2` → ![a](mask:)']);
  });

  it('part a mark from the HTML block that swallows it', () => {
    expect(fixes('<details>\n{\na\n}\n</details>\n')[0]).toBe(
      'Put a blank line before it → <details>\n\n{\na\n}\n</details>\n',
    );
    expect(fixes('> <div>\n> {\n> a\n> }\n')).toContain(
      'Put a blank line before it → > <div>\n>\n> {\n> a\n> }\n',
    );
    expect(fixes('<details>\n<summary>{a}</summary>\n</details>\n')).toEqual([]);
  });

  it('are those of the problems in the range', () => {
    const source = 'a<!--/mask-->\n\nb<!--/mask-->\n';
    const found = quickFixesAt(source, { start: 16, end: 16 });
    expect(found.map(({ problem, isPreferred }) => [problem.line, isPreferred])).toEqual([[3, true]]);
    expect(analyzeDocument(applyEdits(source, found[0]!.edits)).problems).toHaveLength(1);
  });
});
