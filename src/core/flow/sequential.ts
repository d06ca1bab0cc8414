/** The yardstick for `refine`: the same model used as a sequential one is, a token a pass and a picture at a time. */
import { advancePicture, advanceSpan, type Answers } from './answers.js';
import { layOutPass, type TextQuery } from './batch.js';
import { checkFlow } from './check.js';
import type { Denoiser } from './denoiser.js';
import { createFrame, type FlowFrame } from './frame.js';
import { gapPrediction } from './guidance.js';
import { createTokenSampler } from './sampling.js';
import { timeAt } from './schedule.js';
import { canGrow, initialState, type FlowState, type PieceState, type WindowState } from './state.js';
import { isLikelyMissing } from './text-step.js';
import type { FlowOptions, FlowWindow, Vocabulary } from './window.js';

/**
 * Refines the masks one after the other in document order: a span from left to right, one token a pass into the first
 * gap that misses something, until none does; a picture in `steps` passes of its own. What comes later in the document
 * is seen as the author left it; pictures not drawn yet are not seen at all. A frame after every pass; the last one is
 * the result.
 *
 * Costs as many passes as there are tokens, and `steps` more for each picture, where `refine` needs `steps` for all.
 *
 * @throws RangeError on bad input; whatever the denoiser throws.
 */
export async function* refineSequentially(
  windows: readonly FlowWindow[],
  options: FlowOptions,
  denoiser: Denoiser,
): AsyncGenerator<FlowFrame, void, undefined> {
  checkFlow(windows, options, denoiser.vocabularySize);
  const { vocabulary, geometry, steps, signal } = options;
  const sampler = createTokenSampler(options);
  let state = initialState(windows, vocabulary, geometry);
  let passes = 0;
  for (let place = nextMask(state, vocabulary); place !== undefined;) {
    if (signal?.aborted === true) return;
    const { window, piece, index } = place;
    const pass = layOutPass([aloneInFlight(state[window]!, piece)], vocabulary, geometry);
    // `nextMask` names only what is in flight.
    const outputs = await denoiser.run(pass!.batch);
    const answers = { pass: pass!, outputs, logitsSize: denoiser.vocabularySize, sampler };
    const next = advance(state[window]![piece]!, { answers, passes, index, steps }, vocabulary);
    state = state.map((held, w) =>
      held.map((other, p) => (w === window && p === piece ? next : withoutFresh(other))),
    );
    passes += 1;
    const following = nextMask(state, vocabulary);
    const goesOn = following?.window === window && following.piece === piece;
    place = goesOn ? { window, piece, index: index + 1 } : following;
    const left = passesLeft(state, place, steps, vocabulary);
    yield createFrame(state, passes, passes + left, place === undefined);
  }
  if (passes === 0) yield createFrame(state, 0, 0, true);
}

interface CurrentMask {
  readonly window: number;
  readonly piece: number;
  /** Passes that the mask has had. */
  readonly index: number;
}

/** The first mask that is not finished. */
function nextMask(state: FlowState, vocabulary: Vocabulary): CurrentMask | undefined {
  for (const [window, pieces] of state.entries()) {
    const piece = pieces.findIndex((candidate) => isUnfinished(candidate, vocabulary));
    if (piece >= 0) return { window, piece, index: 0 };
  }
  return undefined;
}

/** So many at most: how much text will be written is not known. */
function passesLeft(
  state: FlowState,
  place: CurrentMask | undefined,
  steps: number,
  vocabulary: Vocabulary,
): number {
  const ofPiece = (piece: PieceState): number => {
    if (piece.kind === 'context' || !isUnfinished(piece, vocabulary)) return 0;
    if (piece.kind === 'picture') return steps;
    const { length, max } = piece.input;
    return length === undefined
      ? max - piece.tokens.length
      : piece.tokens.filter((token) => token === vocabulary.mask).length;
  };
  const isDrawing = place !== undefined && state[place.window]![place.piece]!.kind === 'picture';
  const all = state.flat().reduce((sum, piece) => sum + ofPiece(piece), 0);
  return all - (isDrawing ? place.index : 0);
}

/** A piece that a pass did not touch. */
function withoutFresh(piece: PieceState): PieceState {
  return piece.kind === 'span' ? { ...piece, fresh: piece.tokens.map(() => false) } : piece;
}

/** A span's time is 1 once none of its gaps misses something. */
function isUnfinished(piece: PieceState, vocabulary: Vocabulary): boolean {
  if (piece.kind === 'context' || piece.t >= 1) return false;
  if (piece.kind === 'picture') return true;
  return piece.input.length === undefined ? canGrow(piece) : piece.tokens.includes(vocabulary.mask);
}

/**
 * The window with all spans but one as plain text, those still to come as the author left them, and without the other
 * pictures that are not drawn yet.
 */
function aloneInFlight(window: WindowState, piece: number): WindowState {
  return window.flatMap((other, index): PieceState[] => {
    if (index === piece || other.kind === 'context') return [other];
    if (other.kind === 'span') {
      return [{ kind: 'context', tokens: index < piece ? other.tokens : other.input.tokens }];
    }
    return other.t < 1 ? [] : [other];
  });
}

interface Step {
  readonly answers: Answers;
  readonly passes: number;
  readonly index: number;
  readonly steps: number;
}

function advance(
  piece: PieceState,
  { answers, passes, index, steps }: Step,
  vocabulary: Vocabulary,
): PieceState {
  if (piece.kind === 'context') return piece;
  if (piece.kind === 'picture') {
    return advancePicture(piece, timeAt(piece.start, index + 1, steps), answers);
  }
  const growth = { pass: passes, arrival: 1, cleanUp: true, forceFirst: true };
  if (piece.input.length !== undefined) {
    const next = advanceSpan(piece, growth, answers, (masks) => masks.slice(0, 1));
    return { ...next, t: next.tokens.includes(vocabulary.mask) ? piece.t : 1 };
  }
  const missesSomething = (gap: TextQuery) =>
    isLikelyMissing(gapPrediction(gap, answers.outputs, piece.input.guidance));
  const next = advanceSpan(piece, growth, answers, (gaps) => [gaps.find(missesSomething) ?? gaps[0]!]);
  return { ...next, t: next.tokens.length > piece.tokens.length && canGrow(next) ? piece.t : 1 };
}
