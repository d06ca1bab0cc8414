/**
 * The sequences that the model reads in one pass, and what is asked of it: which gaps, which masks, which pictures.
 *
 * Every token owns the gap to its right (OneFlow eq. 1). A span may grow in the gap right of the last token before it
 * and right of each of its own. Where spans touch, they share a gap, which the model sees once: its answer goes to the
 * span with the fewest tokens, the earliest of equals, so that none stays empty beside a growing one.
 */
import { canGrow, isOpen, type PictureState, type SpanState, type WindowState } from './state.js';
import type { Vocabulary } from './window.js';

/** A question about a place of a span. For a gap, `index` counts the span's tokens before it; for a mask, its index. */
export interface Question {
  readonly span: SpanState;
  readonly index: number;
  /** The position in the sequence whose right gap, or whose token, is asked for. */
  readonly position: number;
}

export interface PlacedPicture {
  readonly picture: PictureState;
  /** Position of its `<|image|>` token. */
  readonly position: number;
}

export interface Sequence {
  readonly tokens: readonly number[];
  /** Per token: whether text may be missing in the gap to its right. */
  readonly open: readonly boolean[];
  readonly pictures: readonly PlacedPicture[];
  readonly gaps: readonly Question[];
  readonly masks: readonly Question[];
}

/** A window as the model sees it: BOS and its pieces. */
export function windowSequence(window: WindowState, vocabulary: Vocabulary): Sequence {
  const tokens = [vocabulary.bos];
  const open = [false];
  const pictures: PlacedPicture[] = [];
  const gaps: Question[] = [];
  const masks: Question[] = [];
  /** Spans that share the gap right of the last token so far, in document order. */
  const sharers: Sharer[] = [];

  const closeGap = () => {
    const position = tokens.length - 1;
    open[position] = sharers.length > 0;
    const asked = fewestTokens(sharers);
    if (asked) gaps.push({ span: asked.span, index: asked.index, position });
    sharers.length = 0;
  };
  const push = (token: number) => {
    closeGap();
    tokens.push(token);
  };

  for (const piece of window) {
    switch (piece.kind) {
      case 'context':
        if (piece.tokens.length > 0) closeGap();
        for (const token of piece.tokens) {
          tokens.push(token);
          open.push(false);
        }
        break;
      case 'picture':
        push(piece.input.styleToken);
        push(vocabulary.image);
        pictures.push({ picture: piece, position: tokens.length - 1 });
        break;
      case 'span':
        if (isOpen(piece)) sharers.push({ span: piece, index: 0 });
        piece.tokens.forEach((token, index) => {
          push(token);
          if (isOpen(piece)) sharers.push({ span: piece, index: index + 1 });
          if (token === vocabulary.mask) masks.push({ span: piece, index, position: tokens.length - 1 });
        });
        break;
    }
  }
  closeGap();
  return { tokens, open, pictures, gaps, masks };
}

interface Sharer {
  readonly span: SpanState;
  readonly index: number;
}

/** Of those that can grow the one with the fewest tokens, the first of equals. */
function fewestTokens(sharers: readonly Sharer[]): Sharer | undefined {
  let fewest: Sharer | undefined;
  for (const sharer of sharers) {
    const { tokens } = sharer.span;
    if (canGrow(sharer.span) && !(fewest && fewest.span.tokens.length <= tokens.length)) fewest = sharer;
  }
  return fewest;
}

/** Whether the pass can change anything in the sequence. */
export function isInFlight(sequence: Sequence): boolean {
  return (
    sequence.gaps.length > 0 ||
    sequence.masks.length > 0 ||
    sequence.pictures.some(({ picture }) => picture.t < 1)
  );
}

/**
 * The sequences without context that guidance compares `sequence` with: one per guided span and guided picture in
 * flight. They ask the same questions in the same order.
 */
export function unconditionalSequences(sequence: Sequence, vocabulary: Vocabulary): Sequence[] {
  const guided = (questions: readonly Question[]) =>
    questions.filter(({ span }) => span.input.guidance !== 1);
  const spans = new Set([...guided(sequence.gaps), ...guided(sequence.masks)].map(({ span }) => span));
  const alone = [...spans].map((span): Sequence => {
    const tokens = [vocabulary.bos, ...span.tokens];
    return {
      tokens,
      open: tokens.map(() => isOpen(span)),
      pictures: [],
      gaps: sequence.gaps.filter((gap) => gap.span === span).map((gap) => ({ ...gap, position: gap.index })),
      masks: sequence.masks
        .filter((mask) => mask.span === span)
        .map((mask) => ({ ...mask, position: mask.index + 1 })),
    };
  });
  const pictures = guidedPictures(sequence).map((picture) =>
    pictureSequence(picture, [vocabulary.bos], vocabulary.image),
  );
  return [...alone, ...pictures];
}

/** Each guided picture in flight with its slot alone, which guidance strengthens. */
export function slotSequences(sequence: Sequence, vocabulary: Vocabulary): Sequence[] {
  return guidedPictures(sequence).flatMap((picture) => {
    const { slot, styleToken } = picture.input;
    if (slot === undefined) return [];
    return pictureSequence(
      picture,
      [vocabulary.bos, ...slot.before, styleToken],
      vocabulary.image,
      slot.after,
    );
  });
}

function guidedPictures(sequence: Sequence): PictureState[] {
  return sequence.pictures
    .map(({ picture }) => picture)
    .filter((picture) => picture.t < 1 && picture.input.guidance !== 1);
}

function pictureSequence(
  picture: PictureState,
  before: readonly number[],
  image: number,
  after: readonly number[] = [],
): Sequence {
  const tokens = [...before, image, ...after];
  return {
    tokens,
    open: tokens.map(() => false),
    pictures: [{ picture, position: before.length }],
    gaps: [],
    masks: [],
  };
}
