import { describe, expect, it } from 'vitest';
import { applyEdits, completionsAt } from '../../../../src/core/marking/index.js';

const CHOICES = {
  styles: [
    { name: 'noto', description: 'Like emoji.' },
    { name: 'sketch', description: 'Pencil on paper.' },
  ],
  sizes: [128, 256],
};

function at(marked: string): ReturnType<typeof completionsAt> {
  return completionsAt(marked.replace('|', ''), marked.indexOf('|'), CHOICES);
}

function labels(marked: string): string {
  return at(marked)
    .map(({ label }) => label)
    .join(' ');
}

/** The source with the completion `label` taken. */
function taken(marked: string, label: string): string {
  const { range, text } = at(marked).find((completion) => completion.label === label)!;
  return applyEdits(marked.replace('|', ''), [{ range, text }]);
}

describe('completion in a mark', () => {
  it.each([
    ['text', 'a <!--mask |-->b<!--/mask-->', 'strength length max seed guidance'],
    ['nothing yet', 'a <!--mask |/--> b', 'length max seed guidance'],
    ['blank space', 'a <!--mask |--> <!--/mask-->', 'length max seed guidance'],
    ['a picture', '<!--mask |-->\n![a](b.png)\n<!--/mask-->', 'strength seed guidance style size'],
    ['text without a closer', 'a <!--mask |-->b', 'strength length max seed guidance'],
    ['a mark that is not finished', 'a <!--mask |', 'strength length max seed guidance'],
    ['what other options leave', 'a <!--mask max=3 |-->b<!--/mask-->', 'strength seed guidance'],
    ['a name that is begun', 'a <!--mask se|-->b<!--/mask-->', 'strength length max seed guidance'],
  ])('offers the options for %s', (_what, source, expected) => {
    expect(labels(source)).toBe(expected);
  });

  it.each([
    ['style', '<!--mask style=|-->\n![a](b.png)\n<!--/mask-->', 'noto sketch'],
    ['size', '<!--mask size=1|-->\n![a](b.png)\n<!--/mask-->', '128 256'],
    ['strength', 'a <!--mask strength="|"-->b<!--/mask-->', '0.3 0.6 1'],
    ['seed', 'a <!--mask seed=|-->b<!--/mask-->', ''],
    ['what is no option here', 'a <!--mask style=|-->b<!--/mask-->', ''],
  ])('offers the values of %s', (_name, source, expected) => {
    expect(labels(source)).toBe(expected);
  });

  it.each([
    ['a name', 'a <!--mask se|-->b<!--/mask-->', 'seed', 'a <!--mask seed=-->b<!--/mask-->'],
    [
      'a name that has a value',
      'a <!--mask s|e=7-->b<!--/mask-->',
      'seed',
      'a <!--mask seed=7-->b<!--/mask-->',
    ],
    ['the first name', 'a <!--mask|-->b<!--/mask-->', 'max', 'a <!--mask max=-->b<!--/mask-->'],
    ['a value', '![a](mask:?style=n|o&seed=1)', 'sketch', '![a](mask:?style=sketch&seed=1)'],
    ['the first option of a slot', '![a](mask:|)', 'style', '![a](mask:?style=)'],
    ['a further option of a slot', '![a](mask:?seed=1&|)', 'size', '![a](mask:?seed=1&size=)'],
  ])('writes %s', (_what, source, label, expected) => {
    expect(taken(source, label)).toBe(expected);
  });

  it.each([
    ['outside', 'a | <!--mask-->b<!--/mask-->'],
    ['behind the mark', 'a <!--mask-->|b<!--/mask-->'],
    ['in the word mask', 'a <!--ma|sk-->b<!--/mask-->'],
    ['in a closer', 'a <!--mask-->b<!--/mask|-->'],
    ['in code', '`<!--mask |-->`'],
    ['in another comment', '<!-- a |-->'],
    ['in an alt text', '![a|](mask:)'],
    ['in another destination', '![a](b|.png)'],
  ])('offers nothing %s', (_where, source) => {
    expect(at(source)).toEqual([]);
  });

  it('offers the options of a slot, and their values', () => {
    expect(labels('![a](mask:?|)')).toBe('seed guidance style size');
    expect(labels('![a](mask:?size=64&|)')).toBe('seed guidance style');
    expect(labels('![a](<mask:?style=|>)')).toBe('noto sketch');
  });

  it('explains what it offers', () => {
    for (const { explanation } of at('a <!--mask |-->b<!--/mask-->'))
      expect(explanation).toMatch(/^[A-Z].*\.$/);
  });
});
