/** Documents made to cost time or stack. */
import { describe, expect, it } from 'vitest';
import { cutWindows, parseDocument, toSegments } from '../../../../src/core/document/index.js';
import { expectLinearTime } from '../../linear-time.js';
import { applied, errorOf, masksOf, parsed } from './helpers.js';

describe('hostile documents', () => {
  it('with 10 000 marks are parsed and written', { timeout: 20_000 }, () => {
    const line = 'a <!--mask-->b<!--/mask--> ';
    const results = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`m${index + 1}`, 'c']));
    expect(applied(line.repeat(10_000), results)).toBe('a c '.repeat(10_000));
    expect(applied('<!--mask/-->\n\n'.repeat(10_000), results)).toBe('c\n\n'.repeat(10_000));
  });

  it('with a line of 10 MB are parsed', { timeout: 20_000 }, () => {
    const words = 'word '.repeat(1_000_000);
    expect(masksOf(`${words}<!--mask/--> ${words}`)).toHaveLength(1);
  });

  it.each([
    ['[[[[', '['],
    ['****', '*'],
    ['````', '`'],
    ['<<<<', '<'],
    ['![![', '!['],
    ['<!--', '<!--'],
    ['<!--mask ', '<!--mask '],
    ['](mask:', '](mask:'],
    ['&&&&', '&'],
    ['spaces', ' '],
    ['quotes', '>'],
    ['lists', '- '],
    ['tildes', '~'],
    ['emphasis with marks', '*a*<!--mask/-->b'],
    ['pipes', '|'],
  ])('of nothing but %s are parsed or refused, in linear time', (_name, piece) => {
    for (const [before, after] of [
      ['', ''],
      ['![a](mask:) ', ''],
      ['', '\n\n<!--mask/-->'],
    ] as const) {
      const parse = (length: number): void => {
        const source = `${before}${piece.repeat(length / piece.length)}${after}`;
        expect(typeof parseDocument(source).ok).toBe('boolean');
      };
      expectLinearTime(parse, 80_000, `${before}${piece}…${after}`);
    }
  });

  it('that nest 50 000 deep are parsed, and a mark down there is refused', { timeout: 20_000 }, () => {
    expect(masksOf(`${'>'.repeat(50_000)} a\n\n<!--mask/-->`)).toHaveLength(1);
    expect(errorOf(`${'>'.repeat(50_000)} a <!--mask/-->`)).toMatch(/ nesting-too-deep$/);
    expect(masksOf(`${'!['.repeat(50_000)}a${'](b)'.repeat(50_000)} <!--mask/-->`)).toHaveLength(1);
  });

  it('with NUL, lone surrogates and odd separators keep them', () => {
    const odd = '\0\uD800\u2028\u2029\u202E\u200B\x07';
    expect(applied(`${odd} <!--mask/-->${odd}`, { m1: 'x' })).toBe(`${odd} x${odd}`);
  });

  it('with 2 000 masks in a long text are cut into windows', { timeout: 20_000 }, () => {
    const source = `${'word '.repeat(200)}\n\n<!--mask max=20/-->\n\n`.repeat(2_000);
    const { segments } = toSegments(parsed(source), { include: () => true, resolvePicture: () => undefined });
    const countTokens = (text: string): number => Math.ceil(text.length / 4);
    const result = cutWindows(segments, { limit: 256, countTokens, picturePositions: 16 });
    expect(result.ok && result.windows.length).toBe(2_000);
  });
});
