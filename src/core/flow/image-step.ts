/** One step of a picture on the straight path from noise to the predicted clean latents. */
import type { PictureQuery } from './batch.js';
import { guide } from './guidance.js';
import type { PictureState } from './state.js';
import { shiftedTime, type Study } from './study.js';

/**
 * The clean latents that the model predicts. Guiding them is guiding the velocity v_u + w·(v_c − v_u), since both
 * start from the same noisy latents.
 */
export function cleanPrediction(
  query: PictureQuery,
  cleanPatches: Float32Array,
  size: number,
  weight: number,
) {
  const conditional = cleanPatches.slice(query.offset, query.offset + size);
  if (query.unconditionalOffset === undefined) return conditional;
  const unconditional = cleanPatches.subarray(query.unconditionalOffset);
  return conditional.map((value, i) => guide(weight, value, unconditional[i]!));
}

/**
 * Moves a picture from its time to `to`: v = (clean − y)/(1 − t), y ← y + (to − t)·v (OneFlow eq. 8–9 for a network
 * that predicts the clean latents). At time 1 it is the prediction, exactly.
 */
export function eulerStep(picture: PictureState, clean: Float32Array, to: number): PictureState {
  if (to >= 1) return { ...picture, t: 1, latents: clean, clean };
  const share = (to - picture.t) / (1 - picture.t);
  const latents = picture.latents.map((value, i) => value + share * (clean[i]! - value));
  return { ...picture, t: to, latents, clean };
}

/** Pass `index` of `passes` by the study's solver. */
export function studyStep(
  picture: PictureState,
  clean: Float32Array,
  index: number,
  passes: number,
  { solver, imageShift }: Study,
): PictureState {
  const { start, memory } = picture;
  if (solver === 'euler') return eulerStep(picture, clean, shiftedTime(start, index + 1, passes, imageShift));
  if (solver === 'multistep' || solver === 'adams') {
    const to = shiftedTime(start, index + 1, passes, imageShift);
    const step = solver === 'adams' ? adamsStep : multistep;
    return { ...step(picture, clean, to), memory: { t: picture.t, latents: picture.latents, clean } };
  }
  const intervals = solver === 'heun' ? Math.floor((passes + 1) / 2) : Math.floor(passes / 2);
  const interval = Math.floor(index / 2);
  const to = shiftedTime(start, interval + 1, intervals, imageShift);
  if (index % 2 === 0) {
    const here = { t: picture.t, latents: picture.latents, clean };
    const middle = solver === 'heun' ? to : (picture.t + to) / 2;
    return { ...eulerStep(picture, clean, middle), memory: here };
  }
  const from = memory!;
  const now = (1 - picture.t) ** -1;
  const before = (1 - from.t) ** -1;
  const latents = picture.latents.map((value, i) => {
    const slope = now * (clean[i]! - value);
    const first = before * (from.clean[i]! - from.latents[i]!);
    return from.latents[i]! + (to - from.t) * (solver === 'heun' ? (slope + first) / 2 : slope);
  });
  return { ...picture, t: to, latents, clean: to >= 1 ? latents : clean };
}

/** DPM-Solver++(2M) of Lu et al. 2022 for y_t = t·y_1 + (1−t)·y_0: α = t, σ = 1 − t; first order at both ends. */
function multistep(picture: PictureState, clean: Float32Array, to: number): PictureState {
  const { t, memory } = picture;
  if (to >= 1 || memory === undefined || memory.t <= 0) return eulerStep(picture, clean, to);
  const lambda = (time: number) => Math.log(time / (1 - time));
  const ratio = (lambda(to) - lambda(t)) / (lambda(t) - lambda(memory.t));
  const data = clean.map((value, i) => value + (ratio / 2) * (value - memory.clean[i]!));
  return { ...eulerStep(picture, data, to), clean };
}

/** Adams–Bashforth of second order on the velocity. */
function adamsStep(picture: PictureState, clean: Float32Array, to: number): PictureState {
  const { t, memory } = picture;
  if (to >= 1 || memory === undefined) return eulerStep(picture, clean, to);
  const ratio = (to - t) / (t - memory.t) / 2;
  const latents = picture.latents.map((value, i) => {
    const slope = (clean[i]! - value) / (1 - t);
    const before = (memory.clean[i]! - memory.latents[i]!) / (1 - memory.t);
    return value + (to - t) * (slope + ratio * (slope - before));
  });
  return { ...picture, t: to, latents, clean };
}
