/** What the model said in a pass, and how a span or a picture moves by it. */
import type { Pass, TextQuery } from './batch.js';
import type { DenoiserOutputs } from './denoiser.js';
import { gapPrediction, tokenLogits, type GapPrediction } from './guidance.js';
import { cleanPrediction, imageStep } from './image-step.js';
import type { TokenSampler } from './sampling.js';
import { timeCorrection } from './schedule.js';
import type { PictureState, SpanState } from './state.js';
import { insertTokens, revealTokens, type DrawToken, type Growth } from './text-step.js';

export interface Answers {
  readonly pass: Pass;
  readonly outputs: DenoiserOutputs;
  /** Numbers per row of token logits. */
  readonly logitsSize: number;
  readonly sampler: TokenSampler;
}

const NOTHING: ReadonlySet<number> = new Set();

/** Grows a span at its gaps, or unmasks it where its length is fixed; `at` can narrow the places it does so at. */
export function advanceSpan(
  span: SpanState,
  growth: Growth,
  answers: Answers,
  at: (queries: readonly TextQuery[]) => readonly TextQuery[] = (queries) => queries,
): SpanState {
  const { gaps, masks } = answers.pass.spans.get(span) ?? { gaps: [], masks: [] };
  if (span.input.length !== undefined) {
    const asked = at(masks);
    return revealTokens(
      span,
      asked.map(({ index }) => index),
      growth,
      drawer(span, asked, answers.outputs.maskLogits, answers),
    );
  }
  const asked = at(gaps);
  return insertTokens(
    span,
    atTime(
      asked.map((gap) => gapPrediction(gap, answers.outputs, span.input.guidance)),
      span,
    ),
    growth,
    drawer(span, asked, answers.outputs.gapLogits, answers),
  );
}

/** What the model, which knows no time, says about a span's gaps, made to fit the span's time. */
function atTime(gaps: readonly GapPrediction[], { t, tokens }: SpanState): readonly GapPrediction[] {
  const expected = gaps.reduce((sum, { missing, rate }) => sum + missing * rate, 0);
  const correction = timeCorrection(t, tokens.length, expected);
  return gaps.map((gap) => ({ ...gap, rate: gap.rate * correction }));
}

function drawer(
  { input }: SpanState,
  queries: readonly TextQuery[],
  logits: Float32Array,
  { logitsSize, sampler }: Answers,
): DrawToken {
  return (at, draw) => {
    const query = queries.find(({ index }) => index === at)!;
    // A token that comes before the first one becomes the first.
    const excluded = (at === 0 ? input.excludedFirst : undefined) ?? input.excluded ?? NOTHING;
    return sampler(tokenLogits(query, logits, logitsSize, input.guidance), draw, excluded);
  };
}

/** Moves a picture to time `to` by its prediction; one that was not asked about stays. */
export function advancePicture(picture: PictureState, to: number, { pass, outputs }: Answers): PictureState {
  const query = pass.pictures.get(picture);
  if (query === undefined) return picture;
  const { guidance } = picture.input;
  return imageStep(
    picture,
    cleanPrediction(query, outputs.cleanPatches, picture.latents.length, guidance),
    to,
  );
}
