import { describe, expect, it } from 'vitest';
import { holesOf } from '../../../../src/core/document/holes.js';
import { parseDocument } from '../../../../src/core/document/index.js';

function holes(source: string) {
  const parsed = parseDocument(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return holesOf(parsed.document).map(({ range, ...hole }) => ({
    ...hole,
    text: source.slice(range.start, range.end),
  }));
}

describe('holesOf', () => {
  it('finds a span with its marks and its options', () => {
    expect(holes('Cook <!--mask max=9-->it well<!--/mask-->.\n')).toEqual([
      {
        id: 'm1',
        kind: 'text',
        form: 'inline',
        before: 'it well',
        max: 9,
        text: '<!--mask max=9-->it well<!--/mask-->',
      },
    ]);
  });

  it('finds a slot by its destination, with what it is to show', () => {
    expect(holes('![a pot](mask:?size=128)\n')).toEqual([
      {
        id: 'm1',
        kind: 'picture',
        form: 'slot',
        before: '',
        alt: 'a pot',
        size: 128,
        text: 'mask:?size=128',
      },
    ]);
  });

  it('finds a picture that is redrawn, whole lines of it', () => {
    const [hole] = holes('<!--mask-->\n![a pot](pot.png)\n<!--/mask-->\n');
    expect(hole).toMatchObject({ kind: 'picture', form: 'block', before: 'pot.png', alt: 'a pot' });
  });

  it('finds each stretch of a span with pictures, and the slots between', () => {
    const found = holes('<!--mask-->\nOne.\n\n![a pot](mask:)\n\nTwo.\n<!--/mask-->\n');
    expect(found.map(({ id, text }) => [id, text])).toEqual([
      ['m1', 'One.'],
      ['m2', 'mask:'],
      ['m1.2', 'Two.'],
    ]);
  });
});
