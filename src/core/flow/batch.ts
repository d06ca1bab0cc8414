/** Packs the sequences of a pass into one batch and remembers where the answers will lie. */
import type { DenoiserBatch } from './denoiser.js';
import {
  isInFlight,
  slotSequences,
  unconditionalSequences,
  windowSequence,
  type Question,
  type Sequence,
} from './sequence.js';
import type { FlowState, PictureState, SpanState } from './state.js';
import type { PictureGeometry, Vocabulary } from './window.js';

/** Where the answer to a question lies, with context and, where the span is guided, without. */
export interface TextQuery {
  /** As in `Question`. */
  readonly index: number;
  /** Row of the gap outputs or of the mask outputs. */
  readonly row: number;
  readonly unconditionalRow?: number;
}

export interface SpanQueries {
  readonly gaps: readonly TextQuery[];
  readonly masks: readonly TextQuery[];
}

/** Where a picture's predictions begin in `cleanPatches`, counted in numbers. */
export interface PictureQuery {
  /** The one in the document. */
  readonly offset: number;
  /** The one with its slot alone, where the picture is guided and has a slot. */
  readonly slotOffset?: number;
  /** The one with nothing around, where the picture is guided. */
  readonly unconditionalOffset?: number;
}

export interface Pass {
  readonly batch: DenoiserBatch;
  readonly spans: ReadonlyMap<SpanState, SpanQueries>;
  readonly pictures: ReadonlyMap<PictureState, PictureQuery>;
}

/**
 * Lays out everything in flight: one row for each window in flight. The further sequences that guidance needs are then
 * put, one by one, into the row that is shortest so far. Undefined when nothing is in flight.
 */
export function layOutPass(
  state: FlowState,
  vocabulary: Vocabulary,
  geometry: PictureGeometry,
): Pass | undefined {
  const conditional = state.map((window) => windowSequence(window, vocabulary)).filter(isInFlight);
  if (conditional.length === 0) return undefined;
  const slots = conditional.flatMap((sequence) => slotSequences(sequence, vocabulary));
  const unconditional = conditional.flatMap((sequence) => unconditionalSequences(sequence, vocabulary));
  const patches = geometry.patchesPerEdge ** 2;
  const { placed, rows, textLength, patchLength } = arrange({ conditional, slots, unconditional }, patches);
  const batch = fill(placed, { rows, textLength, patchLength }, geometry);
  return { batch, ...queries(placed, patchLength, geometry) };
}

interface Branches {
  readonly conditional: readonly Sequence[];
  readonly slots: readonly Sequence[];
  readonly unconditional: readonly Sequence[];
}

/** A sequence, its role in guidance, and where it begins. */
interface Placed {
  readonly branch: keyof Branches;
  readonly sequence: Sequence;
  readonly row: number;
  /** Sequence number within the row. */
  readonly number: number;
  readonly textStart: number;
  readonly patchStart: number;
}

function arrange({ conditional, slots, unconditional }: Branches, patches: number) {
  const rows = conditional.map(() => ({ sequences: 0, text: 0, patches: 0 }));
  const place = (branch: Placed['branch'], sequence: Sequence, row: number): Placed => {
    const fillOf = rows[row]!;
    const placed: Placed = {
      branch,
      sequence,
      row,
      number: fillOf.sequences,
      textStart: fillOf.text,
      patchStart: fillOf.patches,
    };
    fillOf.sequences += 1;
    fillOf.text += sequence.tokens.length;
    fillOf.patches += sequence.pictures.length * patches;
    return placed;
  };
  const shortest = () => {
    const lengths = rows.map((row) => row.text + row.patches);
    return lengths.indexOf(Math.min(...lengths));
  };
  const placed = [
    ...conditional.map((sequence, row) => place('conditional', sequence, row)),
    ...slots.map((sequence) => place('slots', sequence, shortest())),
    ...unconditional.map((sequence) => place('unconditional', sequence, shortest())),
  ];
  return {
    placed,
    rows: rows.length,
    textLength: Math.max(...rows.map((row) => row.text)),
    patchLength: Math.max(...rows.map((row) => row.patches)),
  };
}

function fill(
  placed: readonly Placed[],
  shape: { readonly rows: number; readonly textLength: number; readonly patchLength: number },
  { patchesPerEdge, patchSize }: PictureGeometry,
): DenoiserBatch {
  const { rows, textLength, patchLength } = shape;
  const tokens = new BigInt64Array(rows * textLength);
  const tokenPositions = new BigInt64Array(rows * textLength);
  const tokenSequences = new BigInt64Array(rows * textLength).fill(-1n);
  const tokenOpen = new BigInt64Array(rows * textLength);
  const patches = new Float32Array(rows * patchLength * patchSize);
  const patchPositions = new BigInt64Array(rows * patchLength * 3);
  const patchSequences = new BigInt64Array(rows * patchLength).fill(-1n);
  const patchTimes = new Float32Array(rows * patchLength);
  const perPicture = patchesPerEdge ** 2;
  const low = {
    tokens: halves(tokens),
    positions: halves(tokenPositions),
    open: halves(tokenOpen),
    patches: halves(patchPositions),
  };

  for (const { sequence, row, number, textStart, patchStart } of placed) {
    const start = row * textLength + textStart;
    tokenSequences.fill(BigInt(number), start, start + sequence.tokens.length);
    for (let position = 0; position < sequence.tokens.length; position += 1) {
      const at = 2 * (start + position);
      low.tokens[at] = sequence.tokens[position]!;
      low.positions[at] = position;
      low.open[at] = sequence.open[position]! ? 1 : 0;
    }
    sequence.pictures.forEach(({ picture, position }, order) => {
      const first = row * patchLength + patchStart + order * perPicture;
      patches.set(picture.latents, first * patchSize);
      patchSequences.fill(BigInt(number), first, first + perPicture);
      patchTimes.fill(picture.t, first, first + perPicture);
      for (let patch = 0; patch < perPicture; patch++) {
        const at = 2 * 3 * (first + patch);
        low.patches[at] = position;
        low.patches[at + 2] = Math.floor(patch / patchesPerEdge) + 1;
        low.patches[at + 4] = (patch % patchesPerEdge) + 1;
      }
    });
  }
  return {
    ...shape,
    patchSize,
    tokens,
    tokenPositions,
    tokenSequences,
    tokenOpen,
    patches,
    patchPositions,
    patchSequences,
    patchTimes,
    gapRows: flatRows(placed, textLength, (sequence) => sequence.gaps),
    maskRows: flatRows(placed, textLength, (sequence) => sequence.masks),
  };
}

/** Flat indices of the positions asked for, sequence by sequence; a dummy 0 when there are none. */
function flatRows(
  placed: readonly Placed[],
  textLength: number,
  questionsOf: (sequence: Sequence) => readonly Question[],
): BigInt64Array {
  const rows: number[] = [];
  for (const { sequence, row, textStart } of placed) {
    for (const { position } of questionsOf(sequence)) rows.push(row * textLength + textStart + position);
  }
  const flat = new BigInt64Array(Math.max(1, rows.length));
  const low = halves(flat);
  rows.forEach((row, index) => {
    low[2 * index] = row;
  });
  return flat;
}

/**
 * The halves of 64-bit integers, of which the low one comes first wherever ONNX Runtime runs. Numbers from 0 are written
 * as low halves: to make a BigInt of each took a tenth of what a run spends outside the model.
 */
function halves(integers: BigInt64Array): Int32Array {
  return new Int32Array(integers.buffer);
}

/** The answers' places, in the order in which `fill` asks. */
function queries(
  placed: readonly Placed[],
  patchLength: number,
  { patchesPerEdge, patchSize }: PictureGeometry,
): Pick<Pass, 'spans' | 'pictures'> {
  const gaps = textQueries(placed, (sequence) => sequence.gaps);
  const masks = textQueries(placed, (sequence) => sequence.masks);
  const spans = new Map<SpanState, SpanQueries>();
  for (const span of [...gaps.keys(), ...masks.keys()]) {
    spans.set(span, { gaps: gaps.get(span) ?? [], masks: masks.get(span) ?? [] });
  }
  const pictures = new Map<PictureState, PictureQuery>();
  placed.forEach(({ branch, sequence, row, patchStart }) => {
    sequence.pictures.forEach(({ picture }, order) => {
      if (picture.t === 1) return;
      const offset = (row * patchLength + patchStart + order * patchesPerEdge ** 2) * patchSize;
      pictures.set(picture, { offset, ...pictures.get(picture), [OFFSETS[branch]]: offset });
    });
  });
  return { spans, pictures };
}

const OFFSETS = {
  conditional: 'offset',
  slots: 'slotOffset',
  unconditional: 'unconditionalOffset',
} as const satisfies Record<keyof Branches, keyof PictureQuery>;

function textQueries(
  placed: readonly Placed[],
  questionsOf: (sequence: Sequence) => readonly Question[],
): Map<SpanState, TextQuery[]> {
  const bySpan = new Map<SpanState, TextQuery[]>();
  let row = 0;
  placed.forEach(({ branch, sequence }) => {
    const seen = new Map<SpanState, number>();
    for (const { span, index } of questionsOf(sequence)) {
      const list = bySpan.get(span) ?? [];
      bySpan.set(span, list);
      if (branch === 'conditional') {
        list.push({ index, row });
      } else {
        const nth = seen.get(span) ?? 0;
        seen.set(span, nth + 1);
        list[nth] = { ...list[nth]!, unconditionalRow: row };
      }
      row += 1;
    }
  });
  return bySpan;
}
