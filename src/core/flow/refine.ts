/** The loop: one pass of the denoiser advances every span and every picture by one step. */
import { advancePicture, advanceSpan, type Answers } from './answers.js';
import { layOutPass } from './batch.js';
import { checkFlow } from './check.js';
import type { Denoiser } from './denoiser.js';
import { createFrame, type FlowFrame } from './frame.js';
import { createTokenSampler } from './sampling.js';
import { arrivalProbability, growingSteps, growingTimeAt, timeAt } from './schedule.js';
import { initialState, type FlowState } from './state.js';
import type { FlowOptions, FlowWindow } from './window.js';

/**
 * Refines all masks of all windows at once. Yields a frame after every pass; the last one is the result.
 *
 * Pictures and spans of fixed length take `steps` passes. Growing spans take their regular steps in the first of these.
 * Since the text heads know no time, they then go on in clean-up passes in which only the gate decides, until none of
 * their gaps fires while nothing else is in flight, or `cleanUpPasses` more than `steps` are used up: short schedules
 * would else cut sentences off. From the last regular step on, an empty span takes a token in any case, so that no mask
 * stays unfilled.
 *
 * Where nothing is in flight (no masks, or strength 0 everywhere) the denoiser is not run, and the one frame is the
 * input. An abort is noticed before each pass.
 *
 * @throws RangeError on bad input; whatever the denoiser throws.
 */
export async function* refine(
  windows: readonly FlowWindow[],
  options: FlowOptions,
  denoiser: Denoiser,
): AsyncGenerator<FlowFrame, void, undefined> {
  checkFlow(windows, options, denoiser.vocabularySize);
  const { vocabulary, geometry, steps, cleanUpPasses, signal } = options;
  const sampler = createTokenSampler(options);
  let state = initialState(windows, vocabulary, geometry);
  let pass = layOutPass(state, vocabulary, geometry);
  if (pass === undefined) {
    yield createFrame(state, 0, 0, true);
    return;
  }
  for (let index = 0; pass !== undefined; index++) {
    if (signal?.aborted === true) return;
    const outputs = await denoiser.run(pass.batch);
    const answers = { pass, outputs, logitsSize: denoiser.vocabularySize, sampler };
    const next = advance(state, { answers, index, steps });
    const quiet = index >= growingSteps(steps) && !grew(state, next) && !isTimed(next);
    const over = quiet || index + 1 >= steps + cleanUpPasses;
    state = next;
    pass = over ? undefined : layOutPass(state, vocabulary, geometry);
    yield createFrame(state, index + 1, steps, pass === undefined);
  }
}

interface Step {
  readonly answers: Answers;
  /** Passes done before. */
  readonly index: number;
  readonly steps: number;
}

function advance(state: FlowState, { answers, index, steps }: Step): FlowState {
  const regular = growingSteps(steps);
  return state.map((window) =>
    window.map((piece) => {
      if (piece.kind === 'context') return piece;
      if (piece.kind === 'picture') {
        return advancePicture(piece, timeAt(piece.start, index + 1, steps), answers);
      }
      const grows = piece.input.length === undefined;
      const to = grows
        ? growingTimeAt(piece.start, index + 1, regular)
        : timeAt(piece.start, index + 1, steps);
      const growth = {
        pass: index,
        arrival: arrivalProbability(piece.t, to),
        cleanUp: grows && index >= regular,
        forceFirst: index + 1 >= regular,
      };
      return { ...advanceSpan(piece, growth, answers), t: to };
    }),
  );
}

/** Whether any piece's time is not over. */
function isTimed(state: FlowState): boolean {
  return state.flat().some((piece) => piece.kind !== 'context' && piece.t < 1);
}

/** Whether any span has more tokens after a pass than before. */
function grew(before: FlowState, after: FlowState): boolean {
  const count = (state: FlowState) =>
    state.flat().reduce((sum, piece) => sum + (piece.kind === 'span' ? piece.tokens.length : 0), 0);
  return count(after) > count(before);
}
