import { describe, expect, it } from 'vitest';
import { cutWindows, type WindowOptions } from '../../../../src/core/document/index.js';
import type { Segment } from '../../../../src/protocol/segments.js';
import { segmentsOf } from './helpers.js';

/** One position per word; a picture takes 4 + 2. */
const words = (limit: number): WindowOptions => ({
  limit,
  countTokens: (text) => text.split(/\s+/).filter((word) => word !== '').length,
  picturePositions: 4,
});

function windowsOf(source: string, limit: number): string[] {
  const result = cutWindows(segmentsOf(source), words(limit));
  if (!result.ok) throw new Error(result.error.message);
  return result.windows.map((window) => window.map(inShort).join(''));
}

function inShort(segment: Segment): string {
  if (segment.kind === 'text') return segment.text;
  return segment.kind === 'span' ? `[${segment.id}]` : `{${segment.id}}`;
}

const paragraph = (word: string, count: number): string =>
  Array.from({ length: count }, (_, index) => `${word}${index + 1}`).join(' ');

describe('a document that fits', () => {
  it('is one window', () => {
    const segments = segmentsOf('# a\n\nb <!--mask max=10/--> c ![d](mask:)\n');
    expect(cutWindows(segments, words(22))).toEqual({ ok: true, windows: [segments] });
  });

  it('has one text where a picture between two was left out, so that they are tokenized as a whole', () => {
    const texts: Segment[] = [
      { kind: 'text', text: '![a](' },
      { kind: 'text', text: ')' },
    ];
    const joined: Segment[] = [{ kind: 'text', text: '![a]()' }];
    expect(cutWindows(texts, words(9))).toEqual({ ok: true, windows: [joined] });
  });

  it('counts the room that spans and pictures ask for', () => {
    const source = 'a <!--mask max=10/-->';
    expect(windowsOf(source, 11)).toEqual(['a[m1]']);
    expect(windowsOf(source, 10)).toEqual(['[m1]']);
    expect(windowsOf('a <!--mask/-->', 97)).toEqual(['a[m1]']);
  });
});

describe('a document that is too long', () => {
  it('has a window per region: headings above, context before, the region, context after', () => {
    const source = [
      '# Title',
      paragraph('far', 12),
      '## Other',
      paragraph('other', 4),
      '## Section',
      paragraph('before', 4),
      '<!--mask max=6/-->',
      paragraph('after', 4),
      '## Last',
      paragraph('last', 12),
    ].join('\n\n');
    expect(windowsOf(source, 20)).toEqual([
      '# Title\n\n## Section\n\nbefore1 before2 before3 before4\n\n[m1]\n\nafter1 after2 after3 after4\n\n## Last\n\n',
    ]);
  });

  it('does not repeat a heading that is in the context', () => {
    const source = `# Title\n\n## A\n\n<!--mask max=4/-->\n\n${paragraph('x', 30)}`;
    expect(windowsOf(source, 12)).toEqual(['# Title\n\n## A\n\n[m1]\n\n']);
  });

  it('puts regions near each other into one window, others into their own', () => {
    const source = `<!--mask max=3/-->\n\nnear\n\n<!--mask max=3/-->\n\n${paragraph('x', 40)}\n\n<!--mask max=3/-->`;
    const [first, second, ...others] = windowsOf(source, 12);
    expect(first).toContain('[m1]\n\nnear\n\n[m2]');
    expect(second).toContain('[m3]');
    expect(others).toEqual([]);
  });

  it('shows the current text of another window’s span as context', () => {
    const source = `a <!--mask max=6-->old text<!--/mask--> b\n\n<!--mask max=6/-->`;
    expect(windowsOf(source, 10)).toEqual(['a[m1] b\n\n', 'a old text b\n\n[m2]']);
  });

  it('cuts a long paragraph between words', () => {
    const source = `${paragraph('x', 50)} <!--mask max=4/--> ${paragraph('y', 50)}`;
    const [window = '', ...others] = windowsOf(source, 24);
    expect(others).toEqual([]);
    expect(window).toMatch(/^ x\d+( x\d+)* x50\[m1\] y1 y2( y\d+)*$/);
  });

  it('takes underlined headings and headings without blank lines for headings', () => {
    const far = paragraph('x', 30);
    expect(windowsOf(`Title\n===\n\n${far}\n\nPart\n---\n\n${far}\n\n<!--mask max=4/-->`, 8)).toEqual([
      'Title\n===\n\nPart\n---\n\n[m1]',
    ]);
    expect(windowsOf(`# Title\n${far}\n## Part\n### Step\n${far}\n\n<!--mask max=4/-->`, 10)).toEqual([
      '# Title\n\n## Part\n\n### Step\n\n[m1]',
    ]);
  });

  it('takes no heading from what only looks underlined', () => {
    const source = `- a\n---\n\n1) b\n---\n\n| c |\n|---|\n\n${paragraph('x', 30)}\n\n<!--mask max=4/-->`;
    expect(windowsOf(source, 7).join()).not.toContain('--');
  });

  it('takes no heading from code', () => {
    const source = `# Title\n\n\`\`\`\na\n\n# no heading\n\`\`\`\n\n${paragraph('x', 30)}\n\n<!--mask max=4/-->`;
    expect(windowsOf(source, 8)).toEqual(['# Title\n\n[m1]']);
  });

  it('counts pictures of the context', () => {
    const source = `${paragraph('x', 20)}\n\n![a](b.png)\n\n<!--mask max=4/-->`;
    expect(windowsOf(source, 12)).toEqual(['![a]({p1})\n\n[m1]']);
    expect(windowsOf(source, 10)).toEqual(['[m1]']);
  });

  it('has no window when nothing is masked', () => {
    expect(windowsOf(paragraph('x', 20), 10)).toEqual([]);
  });
});

describe('a masked thing that fits no window', () => {
  it.each([
    [
      'a <!--mask max=11/-->',
      'm1',
      'The masked span m1 takes 11 positions, but a window of the model has 10',
    ],
    [`a <!--mask-->${paragraph('x', 97)}<!--/mask-->`, 'm1', 'The masked span m1 takes 97 positions'],
  ])('is an error that names it', (source, id, message) => {
    const result = cutWindows(segmentsOf(source), words(10));
    expect(result).toMatchObject({ ok: false, error: { code: 'window-too-small', id } });
    if (!result.ok) expect(result.error.message).toContain(message);
  });

  it('may be a picture', () => {
    expect(cutWindows(segmentsOf('![a](mask:)'), words(5))).toMatchObject({ ok: false, error: { id: 'm1' } });
  });
});
