/** The loop: one pass of the denoiser advances every span and every picture by one step. */
import { layOutPass, type Pass } from './batch.js';
import { checkFlow } from './check.js';
import type { Denoiser, DenoiserOutputs } from './denoiser.js';
import { createFrame, type FlowFrame } from './frame.js';
import { gapPrediction, tokenLogits } from './guidance.js';
import { cleanPrediction, eulerStep } from './image-step.js';
import { createTokenSampler, type TokenSampler } from './sampling.js';
import { arrivalProbability, timeAt } from './schedule.js';
import { initialState, type FlowState, type PictureState, type SpanState } from './state.js';
import { insertTokens, revealTokens } from './text-step.js';
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
    const next = advance(state, {
      pass,
      outputs,
      logitsSize: denoiser.vocabularySize,
      index,
      steps,
      sampler,
    });
    const quiet = index >= steps && !grew(state, next);
    const over = quiet || index + 1 >= steps + cleanUpPasses;
    state = next;
    pass = over ? undefined : layOutPass(state, vocabulary, geometry);
    yield createFrame(state, index + 1, steps, pass === undefined);
  }
}

/** Everything that a step depends on besides the state. */
interface Step {
  readonly pass: Pass;
  readonly outputs: DenoiserOutputs;
  /** Numbers per row of token logits. */
  readonly logitsSize: number;
  /** Passes done before; from `steps` on it is a clean-up pass. */
  readonly index: number;
  readonly steps: number;
  readonly sampler: TokenSampler;
}

function advance(state: FlowState, step: Step): FlowState {
  return state.map((window) =>
    window.map((piece) => {
      switch (piece.kind) {
        case 'context':
          return piece;
        case 'span':
          return advanceSpan(piece, step);
        case 'picture':
          return advancePicture(piece, step);
      }
    }),
  );
}

const NOTHING: ReadonlySet<number> = new Set();

function advanceSpan(span: SpanState, step: Step): SpanState {
  const { outputs, logitsSize, index, steps, sampler } = step;
  const { gaps, masks } = step.pass.spans.get(span) ?? { gaps: [], masks: [] };
  const weight = span.input.guidance;
  const cleanUp = index >= steps;
  const to = timeAt(span.start, index + 1, steps);
  const growth = {
    pass: index,
    arrival: cleanUp ? 1 : arrivalProbability(span.t, to),
    cleanUp,
    forceFirst: index + 1 >= steps,
  };
  const drawFrom = (queries: typeof gaps, logits: Float32Array) => (at: number, draw: number) =>
    sampler(
      tokenLogits(
        queries.find((query) => query.index === at)!,
        logits,
        logitsSize,
        weight,
      ),
      draw,
      span.input.excluded ?? NOTHING,
    );
  const next =
    span.input.length === undefined
      ? insertTokens(
          span,
          gaps.map((gap) => gapPrediction(gap, outputs, weight)),
          growth,
          drawFrom(gaps, outputs.gapLogits),
        )
      : revealTokens(
          span,
          masks.map((mask) => mask.index),
          growth,
          drawFrom(masks, outputs.maskLogits),
        );
  return { ...next, t: to };
}

function advancePicture(picture: PictureState, step: Step): PictureState {
  const query = step.pass.pictures.get(picture);
  if (query === undefined) return picture;
  const clean = cleanPrediction(
    query,
    step.outputs.cleanPatches,
    picture.latents.length,
    picture.input.guidance,
  );
  return eulerStep(picture, clean, timeAt(picture.start, step.index + 1, step.steps));
}

/** Whether any span has more tokens after a pass than before. */
function grew(before: FlowState, after: FlowState): boolean {
  const count = (state: FlowState) =>
    state.flat().reduce((sum, piece) => sum + (piece.kind === 'span' ? piece.tokens.length : 0), 0);
  return count(after) > count(before);
}
