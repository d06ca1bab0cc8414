/** What the model said in a pass, and how a span or a picture moves by it. */
import type { Pass, TextQuery } from './batch.js';
import type { DenoiserOutputs } from './denoiser.js';
import { gapPrediction, tokenLogits } from './guidance.js';
import { cleanPrediction, eulerStep, studyStep } from './image-step.js';
import type { TokenSampler } from './sampling.js';
import type { PictureState, SpanState } from './state.js';
import { PLAIN, type Study } from './study.js';
import { insertTokens, revealTokens, type DrawToken, type Growth } from './text-step.js';

export interface Answers {
  readonly pass: Pass;
  readonly outputs: DenoiserOutputs;
  /** Numbers per row of token logits. */
  readonly logitsSize: number;
  readonly sampler: TokenSampler;
  readonly study?: Study;
  readonly firstToken?: number;
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
  const study = answers.study ?? PLAIN;
  if (span.input.length !== undefined) {
    const asked = at(masks);
    const sureness = (index: number) =>
      likeliest(
        tokenLogits(
          asked.find((mask) => mask.index === index)!,
          answers.outputs.maskLogits,
          answers.logitsSize,
          span.input.guidance,
        ),
        answers.firstToken ?? 0,
      );
    return revealTokens(
      span,
      asked.map(({ index }) => index),
      growth,
      drawer(span, asked, answers.outputs.maskLogits, answers),
      study,
      sureness,
    );
  }
  const asked = at(gaps);
  const sureness = (index: number) =>
    likeliest(
      tokenLogits(
        asked.find((gap) => gap.index === index)!,
        answers.outputs.gapLogits,
        answers.logitsSize,
        span.input.guidance,
      ),
      answers.firstToken ?? 0,
    );
  const gapsNow = asked.map((gap) =>
    gapPrediction(gap, answers.outputs, span.input.guidance, study.textGuidance),
  );
  const expected = gapsNow.reduce((sum, { missing, rate }) => sum + missing * rate, 0);
  const correction = study.timeAware
    ? ((span.tokens.length + 2) * (1 - span.t)) / (1 + span.t * expected)
    : 1;
  return insertTokens(
    span,
    gapsNow.map((gap) => ({ ...gap, rate: gap.rate * correction })),
    growth,
    drawer(span, asked, answers.outputs.gapLogits, answers),
    study,
    sureness,
  );
}

/** The probability of the likeliest text token. */
function likeliest(logits: Float32Array, first: number): number {
  let highest = -Infinity;
  for (let i = first; i < logits.length; i++) highest = Math.max(highest, logits[i]!);
  let total = 0;
  for (let i = first; i < logits.length; i++) total += Math.exp(logits[i]! - highest);
  return 1 / total;
}

function drawer(
  { input, t }: SpanState,
  queries: readonly TextQuery[],
  logits: Float32Array,
  { logitsSize, sampler }: Answers,
): DrawToken {
  return (at, draw) => {
    const query = queries.find(({ index }) => index === at)!;
    return sampler(
      tokenLogits(query, logits, logitsSize, input.guidance),
      draw,
      input.excluded ?? NOTHING,
      t,
    );
  };
}

/** Moves a picture to time `to` by its prediction; one that was not asked about stays. */
export function advancePicture(
  picture: PictureState,
  to: number,
  { pass, outputs, study }: Answers,
  index?: number,
  steps?: number,
): PictureState {
  const query = pass.pictures.get(picture);
  if (query === undefined) return picture;
  const { imageGuidanceFrom, imageGuidanceUntil } = study ?? PLAIN;
  const guided = picture.t >= imageGuidanceFrom && picture.t < imageGuidanceUntil;
  const guidance = guided ? picture.input.guidance : 1;
  const clean = cleanPrediction(query, outputs.cleanPatches, picture.latents.length, guidance);
  return index === undefined
    ? eulerStep(picture, clean, to)
    : studyStep(picture, clean, index, steps!, study ?? PLAIN);
}
