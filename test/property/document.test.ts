import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyResults,
  parseDocument,
  planChanges,
  toSegments,
  type MarkedDocument,
  type SegmentResult,
} from '../../src/core/document/index.js';
import { createParser } from '../../src/core/document/markdown.js';
import { segmentSchema } from '../../src/protocol/segments.js';
import {
  documents,
  mutatedDocuments,
  soup,
  type GeneratedDocument,
  type GeneratedMask,
} from './document-generator.js';
import { testSeed } from './test-seed.js';

const run = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, check: (value: T) => void): void => {
  fc.assert(fc.property(arbitrary, check), { seed: testSeed(20_260_801), numRuns });
};

function parsed(source: string): MarkedDocument {
  const result = parseDocument(source);
  if (!result.ok) throw new Error(`${result.error.line}:${result.error.column} ${result.error.message}`);
  return result.document;
}

/** Words over several lines, as a model might write them; nothing that needs escaping but `|`. */
const tameResult = fc
  .array(fc.constantFrom('warm', 'soup', '湯', '🍅', 'a | b', 'שלום', 'end.'), { minLength: 1, maxLength: 6 })
  .chain((list) =>
    fc
      .array(fc.constantFrom(' ', '\n', '\n\n'), { minLength: list.length, maxLength: list.length })
      .map((gaps) =>
        list
          .flatMap((value, index) => [value, gaps[index]!])
          .join('')
          .trim(),
      ),
  );

/** Writes the document again, with each mask that has a result as the contract says. */
function expectedText(
  { pieces, source, prefixes }: GeneratedDocument,
  results: ReadonlyMap<GeneratedMask, string>,
): string {
  const written = new Set<GeneratedMask>();
  return pieces
    .map(({ text, mask }) => {
      const result = mask && results.get(mask);
      if (!mask || result === undefined) return text;
      if (written.has(mask)) return '';
      written.add(mask);
      return replacement(mask, prefixes.get(mask)!, result, textsOf(pieces, mask), lineEndOf(source));
    })
    .join('');
}

/** What accepting replaces, in pieces. */
function textsOf(pieces: GeneratedDocument['pieces'], mask: GeneratedMask): readonly string[] {
  return pieces.filter((piece) => piece.mask === mask).map(({ text }) => text);
}

/** The line end next to the opener and the closer of an inline span, with a container's prefix: they stay. */
function outerLineEnds(texts: readonly string[]): readonly [before: string, after: string] {
  const content = texts.join('').replace(/^<!--.*?-->|<!--[^<]*-->$/g, '');
  return [/^ *[\r\n]+[\s>]*/.exec(content)?.[0] ?? '', / *[\r\n]+[\s>]*$/.exec(content)?.[0] ?? ''];
}

function lineEndOf(source: string): string {
  const ends = source.match(/\r\n|\r|\n/g) ?? ['\n'];
  const count = (end: string): number => ends.filter((other) => other === end).length;
  return [...new Set(ends)].reduce((best, end) => (count(end) > count(best) ? end : best));
}

function replacement(
  mask: GeneratedMask,
  prefix: string,
  result: string,
  texts: readonly string[],
  lineEnd: string,
): string {
  const finalLineEnd = /^[\r\n]+$/.test(texts.at(-1)!) ? texts.at(-1)! : '';
  switch (mask.form) {
    case 'inline': {
      const [before, after] = outerLineEnds(texts);
      return before + result.replace(/\s*\n\s*/g, ' ') + after;
    }
    case 'cell':
      return result.replace(/\s*\n\s*/g, ' ').replaceAll('|', '\\|');
    case 'slot':
      return 'new.png';
    case 'picture':
      return `${mask.around![0]}new.png${mask.around![1]}${finalLineEnd}`;
    case 'block': {
      const lines = result.split('\n');
      const rest = lines.slice(1).map((line) => lineEnd + (line === '' ? prefix.trimEnd() : prefix + line));
      return lines[0]! + rest.join('') + finalLineEnd;
    }
  }
}

const toResult = (mask: GeneratedMask, text: string): SegmentResult =>
  mask.form === 'slot' || mask.form === 'picture' ? { destination: 'new.png' } : { text };

describe('documents with marks at legal places', () => {
  it('have exactly the masks that were put there', () => {
    run(documents, 2_000, ({ source, masks }) => {
      const forms = parsed(source).masks.map(({ kind, form }) =>
        kind === 'image' && form === 'block' ? 'picture' : form,
      );
      expect(forms).toEqual(masks.map(({ form }) => form));
    });
  });

  it('change in the masks that have a result, and nowhere else', () => {
    run(
      fc.tuple(documents, fc.array(fc.option(tameResult), { minLength: 12, maxLength: 12 })),
      4_000,
      ([document, texts]) => {
        const expected = new Map<GeneratedMask, string>();
        const results = new Map<string, SegmentResult>();
        document.masks.forEach((mask, index) => {
          const text = texts[index % texts.length];
          if (typeof text !== 'string') return;
          expected.set(mask, text);
          results.set(`m${index + 1}`, toResult(mask, text));
        });
        const written = applyResults(parsed(document.source), results);
        expect(written).toBe(expectedText(document, expected));
        expect(parsed(written).masks).toHaveLength(document.masks.length - expected.size);
      },
    );
  });

  it('keep every byte outside a mask whose result is hostile', () => {
    run(fc.tuple(documents, soup), 2_000, ([{ source, masks, pieces }, hostile]) => {
      const document = parsed(source);
      masks.forEach((mask, index) => {
        const first = pieces.findIndex((piece) => piece.mask === mask);
        const last = pieces.findLastIndex((piece) => piece.mask === mask);
        const before = pieces
          .slice(0, first)
          .map(({ text }) => text)
          .join('');
        const after = pieces
          .slice(last + 1)
          .map(({ text }) => text)
          .join('');
        const result: SegmentResult =
          mask.form === 'slot' || mask.form === 'picture' ? { destination: hostile } : { text: hostile };
        const written = applyResults(document, new Map([[`m${index + 1}`, result]]));
        expect(written.startsWith(before) && written.endsWith(after)).toBe(true);
        expect(written.length).toBeGreaterThanOrEqual(before.length + after.length);
        if (mask.form === 'inline' || mask.form === 'cell' || mask.form === 'slot') {
          const middle = written.slice(before.length, written.length - after.length);
          // The result is one line. The line ends of the span's edges stay, where there is one.
          const [lineEndBefore, lineEndAfter] = outerLineEnds(textsOf(pieces, mask));
          const isBetween = middle.startsWith(lineEndBefore) && middle.endsWith(lineEndAfter);
          const own = isBetween
            ? middle.slice(lineEndBefore.length, middle.length - lineEndAfter.length)
            : middle;
          expect(own).not.toMatch(/[\r\n]/);
        }
      });
    });
  });
});

/** Blocks with tabs in them, by their lines. */
const tabbedBlock = fc.constantFrom(
  ['a'],
  ['```', 'all:', '\techo', '\t\t- x', '```'],
  ['\tcode', '', '\t\tcode', '  \tcode'],
  ['- a', '\t- b', '\t\t- c', '- d'],
  ['-\ta', '', '\tb', '', '\t\tcode'],
  ['1.\ta', '2.\tb', '\t```', '\t\tx', '\t```'],
  ['> a', '>\t- b', '> \t\tc', '>', '>\t\tcode'],
);

/** What stands before the first line of a container and, written in several ways, before the others. */
const tabbedContainer: fc.Arbitrary<readonly [string, ...string[]]> = fc.constantFrom(
  ['', ''],
  ['> ', '> '],
  ['> > ', '> > '],
  ['- ', '  '],
  ['-\t', '\t', '    '],
  ['1. ', '   '],
  ['10.\t', '\t', '  \t'],
  ['> -\t', '> \t', '>   '],
  ['- - ', '\t', '    '],
);

/** An own-line mask in a container: as it is, and without its marks. */
const tabbedMask = fc
  .tuple(
    tabbedContainer,
    fc.array(tabbedBlock, { minLength: 1, maxLength: 3 }),
    fc.infiniteStream(fc.nat(5)),
    fc.constantFrom('', '', ' '),
  )
  .map(([[first, ...others], blocks, ways, indent]) => {
    const lines = ['<!--mask-->', ...blocks.flatMap((block) => ['', ...block]).slice(1), '<!--/mask-->'];
    const placed = lines.map((line) => {
      const prefix = others[ways.next().value! % others.length]!;
      return line === '' ? prefix.trimEnd() : prefix + indent + line;
    });
    const around = (middle: readonly string[]): string =>
      [`${first}p`, others[0]!.trimEnd(), ...middle, ''].join('\n');
    return { marked: around(placed), unmarked: around(placed.slice(1, -1)) };
  });

describe('own-line masks', () => {
  it('leave the document what it is when their text is their result', () => {
    const markdown = createParser();
    run(tabbedMask, 2_000, ({ marked, unmarked }) => {
      const document = parsed(marked);
      const { segments } = toSegments(document, { include: () => true, resolvePicture: () => undefined });
      const results = segments.flatMap((segment): [string, SegmentResult][] =>
        segment.kind === 'span' ? [[segment.id, { text: segment.text }]] : [],
      );
      expect(markdown.render(applyResults(document, new Map(results)))).toBe(markdown.render(unmarked));
    });
  });
});

describe('any text', () => {
  const check = (source: string): void => {
    const result = parseDocument(source);
    if (!result.ok) {
      const { line, column, message } = result.error;
      const lines = source.split(/\r\n|\r|\n/);
      expect(lines[line - 1]?.length).toBeGreaterThanOrEqual(column - 1);
      expect(message.endsWith('.')).toBe(true);
      return;
    }
    const { document } = result;
    expect(applyResults(document, new Map())).toBe(source);
    const { segments } = toSegments(document, { include: () => true, resolvePicture: () => '/picture.png' });
    for (const segment of segments) segmentSchema.parse(segment);
    checkSegmentIds(
      document,
      segments.flatMap((segment) => (segment.kind === 'text' ? [] : segment.id)),
    );
    const changes = planChanges(
      document,
      new Map(
        segments.flatMap((segment): [string, SegmentResult][] =>
          segment.kind === 'text'
            ? []
            : [[segment.id, segment.kind === 'span' ? { text: 'x' } : { destination: 'y' }]],
        ),
      ),
    );
    let end = 0;
    for (const { range } of changes) {
      expect(range.start).toBeGreaterThanOrEqual(end);
      expect(source.slice(range.start)).toMatch(/^(?:<!--[ \t]*mask|<?mask\\?:)/);
      end = range.end;
    }
    expect(end).toBeLessThanOrEqual(source.length);
  };

  /** Every mask is asked for, and nothing is asked for twice. */
  function checkSegmentIds({ masks }: MarkedDocument, ids: readonly string[]): void {
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of masks) expect(ids).toContain(id);
  }

  it('that was a document is parsed or refused, and parsed without loss', () => {
    run(mutatedDocuments, 3_000, check);
  });

  it('of Markdown’s characters is parsed or refused, and parsed without loss', () => {
    run(soup, 3_000, check);
  });

  it('of any characters is parsed or refused', () => {
    run(fc.string({ unit: 'binary', maxLength: 200 }), 500, check);
  });
});
