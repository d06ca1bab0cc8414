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
    const source = 'a <!--mask length=10/-->';
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

describe('a maximum that leaves no room for context', () => {
  const maximumIn = (source: string, limit: number): number | undefined => {
    const result = cutWindows(segmentsOf(source), words(limit));
    const span = result.ok && result.windows.flat().find(({ kind }) => kind === 'span');
    return span && span.kind === 'span' ? span.max : undefined;
  };

  it('is what masked regions may fill', () => {
    const context = paragraph('x', 20);
    for (const max of [9, 12, 1000]) expect(maximumIn(`${context} <!--mask max=${max}/-->`, 12)).toBe(9);
    expect(windowsOf(`${context} <!--mask max=1000/-->`, 12)).toEqual([' x19 x20[m1]']);
  });

  it('stays where the whole document fits', () => {
    expect(maximumIn('a <!--mask max=11/-->', 12)).toBe(11);
  });

  it('is not below the text that is there', () => {
    const source = `${paragraph('x', 20)} <!--mask max=1000-->${paragraph('y', 11)}<!--/mask-->`;
    expect(maximumIn(source, 12)).toBe(11);
  });
});

describe('a masked thing that fits no window', () => {
  it.each([
    [
      'a <!--mask length=11/-->',
      'This mark asks for 11 tokens, but the model takes at most 10 at once; ask for fewer.',
    ],
    [
      `a <!--mask-->${paragraph('x', 97)}<!--/mask-->`,
      'This text has 97 tokens, but the model takes at most 10 at once, about 10 words; mark smaller parts of it.',
    ],
    [
      `a <!--mask-->${'漢 '.repeat(12)}<!--/mask-->`,
      'This text has 12 tokens, but the model takes at most 10 at once, about 10 words; mark smaller parts of it.',
    ],
  ])('is an error that says what to do', (source, message) => {
    const error = { code: 'window-too-small', id: 'm1', message };
    expect(cutWindows(segmentsOf(source), words(10))).toEqual({ ok: false, error });
  });

  it('has no count of words where a text parts none', () => {
    const [text] = segmentsOf(`<!--mask-->${'漢'.repeat(12)}<!--/mask-->`);
    const result = cutWindows([text!], { ...words(10), countTokens: ({ length }) => length });
    expect(result).toMatchObject({
      error: { message: expect.stringMatching(/at most 10 at once; mark/) as string },
    });
  });

  it('may be a picture', () => {
    expect(cutWindows(segmentsOf('![a](mask:)'), words(5))).toMatchObject({ ok: false, error: { id: 'm1' } });
  });
});
