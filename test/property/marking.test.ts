import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  analyzeDocument,
  applyResults,
  planChanges,
  type Range,
  type SegmentResult,
} from '../../src/core/document/index.js';
import {
  applyEdits,
  completionsAt,
  insertImageSlot,
  maskForRun,
  maskPicture,
  maskSelection,
  placesOf,
  quickFixesAt,
  removeAllMarks,
  sectionAt,
  unmask,
} from '../../src/core/marking/index.js';
import type { TextEdit } from '../../src/core/document/index.js';
import { withoutInserted } from '../unit/core/marking/without-inserted.js';
import { documents, mutatedDocuments, soup } from './document-generator.js';
import { testSeed } from './test-seed.js';

const run = <T>(arbitrary: fc.Arbitrary<T>, numRuns: number, check: (value: T) => void): void => {
  fc.assert(fc.property(arbitrary, check), { seed: testSeed(20_261_124), numRuns });
};

/** A source and a range of it, often a short one. */
const withRange = (
  sources: fc.Arbitrary<string>,
): fc.Arbitrary<{ readonly source: string; readonly range: Range }> =>
  fc
    .tuple(sources, fc.nat(), fc.oneof(fc.constant(0), fc.nat(20), fc.nat(500)))
    .map(([source, where, length]) => {
      const start = where % (source.length + 1);
      return { source, range: { start, end: Math.min(source.length, start + length) } };
    });

/** A source and one or several ranges of it that are apart, as an editor's selections are. */
const withRanges = (
  sources: fc.Arbitrary<string>,
): fc.Arbitrary<{ readonly source: string; readonly ranges: readonly Range[] }> =>
  fc
    .tuple(
      withRange(sources),
      fc.array(fc.tuple(fc.nat(), fc.oneof(fc.constant(0), fc.nat(20))), { maxLength: 3 }),
    )
    .map(([{ source, range }, more]) => {
      const others = more.map(([where, length]) => {
        const start = where % (source.length + 1);
        return { start, end: Math.min(source.length, start + length) };
      });
      const ranges = others.reduce<readonly Range[]>(
        (apart, next) =>
          apart.every(({ start, end }) => next.end < start || end < next.start) ? [...apart, next] : apart,
        [range],
      );
      return { source, ranges };
    });

const sources = documents.map(({ source }) => source);
const anyText = fc.oneof(mutatedDocuments, soup);

/** What must hold of every edit: it is in place, nothing is worse than before, and the other masks are as they were. */
function checkEdited(source: string, edits: readonly TextEdit[], added: number): string {
  let end = 0;
  for (const { range } of edits) {
    expect(range.start).toBeGreaterThanOrEqual(end);
    expect(range.end).toBeGreaterThanOrEqual(range.start);
    ({ end } = range);
  }
  expect(end).toBeLessThanOrEqual(source.length);
  const edited = applyEdits(source, edits);
  const before = analyzeDocument(source);
  const after = analyzeDocument(edited);
  expect(after.problems.length).toBe(before.problems.length);
  expect(after.document.masks.length).toBe(before.document.masks.length + added);
  return edited;
}

describe('masking what is selected', () => {
  const check = ({
    source,
    ranges,
  }: {
    readonly source: string;
    readonly ranges: readonly Range[];
  }): void => {
    const result = maskSelection(source, ranges);
    if (!result.ok) {
      expect(result.reason).toMatch(/\.$/);
      return;
    }
    const added = result.edits.filter(({ text }) => /<!--mask/.test(text)).length;
    const edited = checkEdited(source, result.edits, added);
    expect(result.selections).toHaveLength(added);
    let end = 0;
    for (const selection of result.selections) {
      expect(selection.start).toBeGreaterThanOrEqual(end);
      expect(selection.end).toBeGreaterThanOrEqual(selection.start);
      ({ end } = selection);
    }
    expect(end).toBeLessThanOrEqual(edited.length);
    // Unmasking what was masked gives every byte back.
    let shift = 0;
    const openers = result.edits.flatMap(({ range: place, text }) => {
      const at = place.start + shift + text.indexOf('<!--mask');
      shift += text.length;
      return text.includes('<!--mask') ? [at] : [];
    });
    const undone = unmask(
      edited,
      openers.map((at) => ({ start: at + 1, end: at + 1 })),
    );
    if (!undone.ok) throw new Error(undone.reason);
    expect(applyEdits(edited, undone.edits)).toBe(source);
  };

  it('parses, and is undone by unmasking, in documents', () => {
    run(withRanges(sources), 1_000, check);
  });

  it('parses, and is undone by unmasking, in any text', () => {
    run(withRanges(anyText), 1_000, check);
  });

  it('begins no line with an inline mark', () => {
    run(withRanges(sources), 500, ({ source, ranges }) => {
      const count = (text: string): number =>
        analyzeDocument(text).document.warnings.filter(({ code }) => code === 'inline-mark-begins-line')
          .length;
      const result = maskSelection(source, ranges);
      if (result.ok) expect(count(applyEdits(source, result.edits))).toBeLessThanOrEqual(count(source));
    });
  });
});

describe('the marks of one run', () => {
  it('lead back to the document, and change the same as the marked copy', () => {
    run(withRanges(sources), 700, ({ source, ranges }) => {
      const copy = maskForRun(source, ranges);
      if (!copy.ok) return;
      const taken = copy.inserted.map((place): TextEdit => ({ range: place, text: '' }));
      expect(applyEdits(copy.source, taken)).toBe(source);
      const { document, problems } = analyzeDocument(copy.source);
      expect(problems).toEqual([]);
      const masks = new Map(document.masks.map((mask) => [mask.id, mask]));
      const results = new Map<string, SegmentResult>(
        [...masks.values()].map(({ id, kind }) => [
          id,
          kind === 'text' ? { text: 'x\n\ny' } : { destination: 'z' },
        ]),
      );
      const edits = planChanges(document, results).map((change): TextEdit => ({
        range: withoutInserted(change.range, copy.inserted),
        text: change.text,
      }));
      expect(applyEdits(source, edits)).toBe(applyResults(document, results));
      for (const id of copy.maskIds) expect(masks.has(id)).toBe(true);
    });
  });
});

describe('commands on any text', () => {
  it('make what they say or refuse with a sentence', () => {
    run(fc.tuple(withRange(fc.oneof(sources, anyText)), soup), 700, ([{ source, range }, alt]) => {
      const slot = insertImageSlot(source, range.start, alt);
      if (slot.ok) checkEdited(source, slot.edits, 1);
      else expect(slot.reason).toMatch(/\.$/);
      const picture = maskPicture(source, [range.start]);
      if (picture.ok) checkEdited(source, picture.edits, 1);
      else expect(picture.reason).toMatch(/\.$/);
      const copy = maskForRun(source, [range]);
      if (!copy.ok) expect(copy.reason).toMatch(/\.$/);
    });
  });

  it('mend, complete and show where they can', () => {
    run(withRange(anyText), 700, ({ source, range }) => {
      const { document, problems } = analyzeDocument(source);
      for (const { edits, problem } of quickFixesAt(source, range)) {
        let end = 0;
        for (const edit of edits) {
          expect(edit.range.start).toBeGreaterThanOrEqual(end);
          ({ end } = edit.range);
        }
        const after = analyzeDocument(applyEdits(source, edits));
        expect(after.problems.length, problem.code).toBeLessThanOrEqual(problems.length);
      }
      for (const { range: place } of [...problems, ...document.warnings]) {
        expect(place.start).toBeLessThan(place.end);
        expect(place.end).toBeLessThanOrEqual(source.length);
      }
      for (const { extent, marks, content } of placesOf(document)) {
        for (const part of [...marks, content]) {
          expect(part.start).toBeGreaterThanOrEqual(extent.start);
          expect(part.start).toBeLessThanOrEqual(part.end);
        }
      }
      for (const { range: place } of completionsAt(source, range.start, { styles: [], sizes: [64] })) {
        expect(place.start).toBeLessThanOrEqual(range.start);
        expect(place.end).toBeGreaterThanOrEqual(range.start);
      }
    });
  });

  it('remove all marks of a well-formed document, and nothing else', () => {
    run(sources, 500, (source) => {
      const result = removeAllMarks(source);
      if (!result.ok) return;
      const { document, problems } = analyzeDocument(applyEdits(source, result.edits));
      expect(problems).toEqual([]);
      expect(document.masks.filter(({ form }) => form !== 'slot')).toEqual([]);
      expect(document.masks).toHaveLength(result.slots);
      for (const { range } of result.edits) {
        expect(source.slice(range.start, range.end).replace(/<!--.*?-->/g, '')).toMatch(/^[\s>]*$/);
      }
    });
  });

  it('find a section for every place, which ends where another begins', () => {
    run(withRange(fc.oneof(sources, anyText)), 500, ({ source, range: { start: offset } }) => {
      const { start, end } = sectionAt(source, offset);
      expect(start).toBeLessThanOrEqual(end);
      expect(end).toBeLessThanOrEqual(source.length);
      // What follows is the heading of another section.
      if (end < source.length) expect(sectionAt(source, end).start).toBeGreaterThan(end);
    });
  });
});
