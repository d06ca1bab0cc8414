import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutWindows, type WindowOptions } from '../../src/core/document/index.js';
import type { Segment } from '../../src/protocol/segments.js';
import { testSeed } from './test-seed.js';

const PICTURE_POSITIONS = 6;

/** Roughly a token per four units, and some for every line end. */
const countTokens = (text: string): number => Math.ceil(text.length / 4) + (text.match(/\n/g)?.length ?? 0);

const options = (limit: number): WindowOptions => ({
  limit,
  countTokens,
  picturePositions: PICTURE_POSITIONS,
});

function positions(window: readonly Segment[]): number {
  return window.reduce((sum, segment) => {
    if (segment.kind === 'picture') return sum + PICTURE_POSITIONS + 2;
    const tokens = countTokens(segment.text);
    return sum + (segment.kind === 'text' ? tokens : Math.max(tokens, segment.length ?? segment.max ?? 96));
  }, 0);
}

const text = fc
  .array(
    fc.constantFrom(
      ' soup',
      ' a',
      '\n\n',
      '\n',
      '# Title\n\n',
      '\n\n## Section\n\n',
      ' 漢字かな',
      '\n\n```\n# no\n```\n\n',
      ' x'.repeat(60),
      'y'.repeat(150),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts): Segment => ({ kind: 'text', text: parts.join('') }));

const span = fc.record({
  kind: fc.constant('span' as const),
  id: fc.constant(''),
  form: fc.constantFrom('block' as const, 'inline' as const),
  text: fc.constantFrom('', ' old words'),
  strength: fc.constant(1),
  max: fc.integer({ min: 1, max: 30 }),
});

const picture = fc.record({
  kind: fc.constant('picture' as const),
  id: fc.constant(''),
  alt: fc.constant('pot'),
  masked: fc.boolean(),
  strength: fc.constant(1),
});

/** Segments with ids of their own; texts stand apart as in a real document. */
const segmentLists: fc.Arbitrary<Segment[]> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: text },
      { weight: 2, arbitrary: span },
      { weight: 1, arbitrary: picture },
    ),
    {
      maxLength: 30,
    },
  )
  .map((list) =>
    list
      .filter((segment, index) => segment.kind !== 'text' || list[index - 1]?.kind !== 'text')
      .map((segment, index) => (segment.kind === 'text' ? segment : { ...segment, id: `s${index}` })),
  );

const isMasked = (segment: Segment): boolean =>
  segment.kind === 'span' || (segment.kind === 'picture' && segment.masked);

const maskedIds = (segments: readonly Segment[]): string[] =>
  segments.flatMap((segment) => (segment.kind !== 'text' && isMasked(segment) ? [segment.id] : []));

describe('windows', () => {
  it('hold each masked segment once and in order, and none is longer than the limit', () => {
    fc.assert(
      fc.property(segmentLists, fc.integer({ min: 31, max: 200 }), (segments, limit) => {
        const result = cutWindows(segments, options(limit));
        if (!result.ok) throw new Error(result.error.message);
        expect(result.windows.flatMap(maskedIds)).toEqual(maskedIds(segments));
        for (const window of result.windows) expect(positions(window)).toBeLessThanOrEqual(limit);
        if (positions(segments) <= limit) expect(result.windows).toEqual([segments]);
        else for (const window of result.windows) expect(window.some(isMasked)).toBe(true);
      }),
      { seed: testSeed(20_260_802), numRuns: 3_000 },
    );
  });

  it('show context in the order of the document', () => {
    const numbered = fc
      .array(fc.integer({ min: 1, max: 12 }), { minLength: 4, maxLength: 30 })
      .map((sizes) =>
        sizes.flatMap((size, index): Segment[] => [
          { kind: 'text', text: `${`w${index} `.repeat(size)}\n\n` },
          ...(index % 3 === 0
            ? [{ kind: 'span', id: `s${index}`, form: 'block', text: '', strength: 1, max: 9 } as const]
            : []),
        ]),
      );
    fc.assert(
      fc.property(numbered, (segments) => {
        const result = cutWindows(segments, options(60));
        if (!result.ok) throw new Error(result.error.message);
        for (const window of result.windows) {
          const numbers = window.flatMap((segment) =>
            segment.kind === 'text'
              ? [...segment.text.matchAll(/w(\d+)/g)].map(([, digits]) => Number(digits))
              : [],
          );
          expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
        }
      }),
      { seed: testSeed(20_260_803), numRuns: 1_000 },
    );
  });
});
