/** The loop: one pass of the denoiser advances every span and every picture by one step. */
import { advancePicture, advanceSpan, type Answers } from './answers.js';
import { layOutPass } from './batch.js';
import { checkFlow } from './check.js';
import type { Denoiser } from './denoiser.js';
import { createFrame, type FlowFrame } from './frame.js';
import { createTokenSampler } from './sampling.js';
import { arrivalProbability } from './schedule.js';
import { initialState, type FlowState } from './state.js';
import { PLAIN, poweredTime, type Study } from './study.js';
import type { FlowOptions, FlowWindow } from './window.js';

/**
 * Refines all masks of all windows at once. Yields a frame after every pass; the last one is the result.
 *
 * After `steps` regular passes the pictures and the spans of fixed length are finished. Since the text heads know no
 * time, growing spans then go on in clean-up passes in which only the gate decides, until none of their gaps fires or
 * `cleanUpPasses` are used up: short schedules would else cut sentences off. From the last regular step on, an empty
 * span takes a token in any case, so that no mask stays unfilled.
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
  const study = options.study ?? PLAIN;
  const textSteps = Math.max(1, Math.round(steps * study.textShare));
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
    const answers = {
      pass,
      outputs,
      logitsSize: denoiser.vocabularySize,
      sampler,
      study,
      firstToken: vocabulary.firstTextToken,
    };
    const next = advance(state, { answers, index, steps, textSteps, study });
    const quiet = index >= textSteps && index + 1 >= steps && !grew(state, next);
    const over = quiet || index + 1 >= steps + cleanUpPasses;
    state = next;
    pass = over ? undefined : layOutPass(state, vocabulary, geometry);
    yield createFrame(state, index + 1, steps, pass === undefined);
  }
}

interface Step {
  readonly answers: Answers;
  /** Passes done before; from `steps` on it is a clean-up pass. */
  readonly index: number;
  readonly steps: number;
  readonly textSteps: number;
  readonly study: Study;
}

function advance(state: FlowState, { answers, index, steps, textSteps, study }: Step): FlowState {
  const isCleanUp = index >= textSteps;
  return state.map((window) =>
    window.map((piece) => {
      if (piece.kind === 'context') return piece;
      if (piece.kind === 'picture') return advancePicture(piece, 1, answers, index, steps);
      const to = poweredTime(piece.start, index + 1, textSteps, study.textPower);
      const over = Math.min(1, to + (to - piece.t) * study.corrector);
      const growth = {
        pass: index,
        arrival: isCleanUp ? 1 : arrivalProbability(piece.t, over),
        ...(study.corrector > 0 && { over, to }),
        left: Math.max(1, textSteps - index),
        cleanUp: isCleanUp,
        forceFirst: index + 1 >= textSteps,
      };
      return { ...advanceSpan(piece, growth, answers), t: to };
    }),
  );
}

/** Whether any span has more tokens after a pass than before. */
function grew(before: FlowState, after: FlowState): boolean {
  const count = (state: FlowState) =>
    state.flat().reduce((sum, piece) => sum + (piece.kind === 'span' ? piece.tokens.length : 0), 0);
  return count(after) > count(before);
}
