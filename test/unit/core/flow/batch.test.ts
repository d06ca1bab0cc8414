import { describe, expect, it } from 'vitest';
import { layOutPass } from '../../../../src/core/flow/batch.js';
import { initialState } from '../../../../src/core/flow/state.js';
import type { FlowWindow } from '../../../../src/core/flow/window.js';
import { geometry, picture, span, vocabulary } from './support.js';

const numbers = (values: BigInt64Array) => Array.from(values, Number);
const pass = (...windows: FlowWindow[]) => {
  const laidOut = layOutPass(initialState(windows, vocabulary, geometry), vocabulary, geometry)!;
  const spans = new Map([...laidOut.spans].map(([state, queries]) => [state.input.id, queries]));
  const pictures = new Map([...laidOut.pictures].map(([state, query]) => [state.input.id, query]));
  return { batch: laidOut.batch, spans, pictures };
};
const window = (...pieces: FlowWindow['pieces']): FlowWindow => ({ pieces });
const context = (...tokens: number[]) => ({ kind: 'context', tokens }) as const;
const textSpan = (input: Parameters<typeof span>[0]) => ({ kind: 'span', span: span(input) }) as const;
const drawing = (input: Parameters<typeof picture>[0]) =>
  ({ kind: 'picture', picture: picture(input) }) as const;

/** Twelve numbers, as many as a picture has. */
const latents = (first: number) => Float32Array.from({ length: 12 }, (_, i) => first + i);

describe('a batch', () => {
  const { batch, spans, pictures } = pass(
    // BOS 10 11 | 20 21 | 12 <style> <image>: a filled span that is almost certainly kept, and a context picture.
    window(
      context(10, 11),
      textSpan({ id: 'a', tokens: [20, 21], strength: 1e-9, guidance: 2 }),
      context(12),
      drawing({ id: 'known', masked: false, latents: latents(100) }),
    ),
    // BOS <style> <image> | [MASK] [MASK]: a picture in flight, and a span of fixed length.
    window(
      drawing({ id: 'drawn', strength: 0.5, latents: latents(0), guidance: 3 }),
      textSpan({ id: 'b', length: 2 }),
    ),
  );

  it('has a row per window, and the unconditional sequences in the row that is shortest by then', () => {
    expect(batch.rows).toBe(2);
    expect(batch.textLength).toBe(10);
    // Row 0: the first window (12 positions). Row 1: the second (9), the guided span (3), then row 0 the guided picture.
    expect(numbers(batch.tokens)).toEqual([
      ...[1, 10, 11, 20, 21, 12, 4, 3, 1, 3],
      ...[1, 4, 3, 2, 2, 1, 20, 21, 0, 0],
    ]);
    expect(numbers(batch.tokenSequences)).toEqual([
      ...[0, 0, 0, 0, 0, 0, 0, 0, 1, 1],
      ...[0, 0, 0, 0, 0, 1, 1, 1, -1, -1],
    ]);
    expect(numbers(batch.tokenPositions)).toEqual([
      ...[0, 1, 2, 3, 4, 5, 6, 7, 0, 1],
      ...[0, 1, 2, 3, 4, 0, 1, 2, 0, 0],
    ]);
  });

  it('opens the gap right of the token before a growing span and those of its tokens, and none else', () => {
    expect(numbers(batch.tokenOpen)).toEqual([
      ...[0, 0, 1, 1, 1, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 1, 1, 1, 0, 0],
    ]);
  });

  it('asks for gaps and masks by flat index, with context first', () => {
    expect(numbers(batch.gapRows)).toEqual([2, 3, 4, 15, 16, 17]);
    expect(numbers(batch.maskRows)).toEqual([13, 14]);
    expect(spans.get('a')!.gaps).toEqual([
      { index: 0, row: 0, unconditionalRow: 3 },
      { index: 1, row: 1, unconditionalRow: 4 },
      { index: 2, row: 2, unconditionalRow: 5 },
    ]);
    expect(spans.get('b')!.masks).toEqual([
      { index: 0, row: 0 },
      { index: 1, row: 1 },
    ]);
  });

  it('places patches by the position of their image token and their place in the grid', () => {
    expect(batch.patchLength).toBe(8);
    const grid = (position: number) =>
      [1, 2].flatMap((row) => [1, 2].flatMap((column) => [position, row, column]));
    const padding = Array<number>(12).fill(0);
    expect(numbers(batch.patchPositions)).toEqual([...grid(7), ...grid(1), ...grid(2), ...padding]);
    expect(numbers(batch.patchSequences)).toEqual([
      ...[0, 0, 0, 0, 1, 1, 1, 1],
      ...[0, 0, 0, 0, -1, -1, -1, -1],
    ]);
    expect([...batch.patchTimes]).toEqual([
      ...[1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5],
      ...[0.5, 0.5, 0.5, 0.5, 0, 0, 0, 0],
    ]);
  });

  it('gives a context picture clean, and the guided picture the same noise in both sequences', () => {
    expect(batch.patches.subarray(0, 12)).toEqual(latents(100));
    expect(batch.patches.subarray(12, 24)).toEqual(batch.patches.subarray(24, 36));
    expect([...pictures]).toEqual([['drawn', { offset: 24, unconditionalOffset: 12 }]]);
  });

  it('has the slot of a guided picture as a sequence of its own, before the one without anything', () => {
    const slot = { before: [10, 11], after: [12] };
    const { batch, pictures } = pass(
      window(context(20, 10, 11), drawing({ id: 'drawn', slot, guidance: 3 }), context(12, 21)),
    );
    expect(numbers(batch.tokens)).toEqual([
      ...[1, 20, 10, 11, 4, 3, 12, 21],
      ...[1, 10, 11, 4, 3, 12],
      ...[1, 3],
    ]);
    expect(numbers(batch.tokenSequences)).toEqual([
      ...[0, 0, 0, 0, 0, 0, 0, 0],
      ...[1, 1, 1, 1, 1, 1],
      ...[2, 2],
    ]);
    expect([...pictures]).toEqual([['drawn', { offset: 0, slotOffset: 12, unconditionalOffset: 24 }]]);
    expect(numbers(batch.patchPositions.filter((_, index) => index % 12 === 0))).toEqual([5, 4, 1]);
  });

  it('asks dummies where there is nothing to ask', () => {
    const { batch: drawn } = pass(window(drawing({})));
    expect(numbers(drawn.gapRows)).toEqual([0]);
    expect(numbers(drawn.maskRows)).toEqual([0]);
  });

  it('leaves out windows in which nothing is in flight', () => {
    const laidOut = pass(window(context(10)), window(textSpan({})));
    expect(laidOut.batch.rows).toBe(1);
    expect(laidOut.batch.textLength).toBe(1);
  });

  it('has no patches where there is no picture', () => {
    const { batch: text } = pass(window(textSpan({})));
    expect(text.patchLength).toBe(0);
    expect(text.patches).toHaveLength(0);
  });
});

describe('a gap between spans that touch', () => {
  it('is asked once and belongs to the span with fewer tokens', () => {
    const { batch, spans } = pass(
      window(textSpan({ id: 'a', tokens: [20, 21], strength: 1e-9 }), textSpan({ id: 'b' })),
    );
    expect(numbers(batch.tokens)).toEqual([1, 20, 21]);
    expect(numbers(batch.gapRows)).toEqual([0, 1, 2]);
    expect(spans.get('a')!.gaps.map(({ index }) => index)).toEqual([0, 1]);
    expect(spans.get('b')!.gaps.map(({ index, row }) => [index, row])).toEqual([[0, 2]]);
  });

  it('belongs to the earlier of equals', () => {
    const { batch, spans } = pass(window(textSpan({ id: 'a' }), textSpan({ id: 'b' })));
    expect(numbers(batch.gapRows)).toEqual([0]);
    expect([...spans.keys()]).toEqual(['a']);
  });

  it('belongs to the one that has room', () => {
    const { spans } = pass(
      window(
        textSpan({ id: 'a', tokens: [20], strength: 1e-9, max: 1 }),
        textSpan({ id: 'b', tokens: [21, 22], strength: 1e-9 }),
      ),
    );
    expect([...spans.keys()]).toEqual(['b']);
    expect(spans.get('b')!.gaps.map(({ index }) => index)).toEqual([0, 1, 2]);
  });

  it('is open behind a span of fixed length and behind a picture', () => {
    const { batch } = pass(
      window(
        textSpan({ id: 'a', length: 1 }),
        textSpan({ id: 'b' }),
        drawing({ id: 'c' }),
        textSpan({ id: 'd' }),
      ),
    );
    expect(numbers(batch.tokens)).toEqual([1, 2, 4, 3]);
    expect(numbers(batch.tokenOpen)).toEqual([0, 1, 0, 1]);
    expect(numbers(batch.gapRows)).toEqual([1, 3]);
  });
});
