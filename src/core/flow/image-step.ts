/** One Euler step of a picture on the straight path from noise to the predicted clean latents. */
import type { PictureQuery } from './batch.js';
import { guide } from './guidance.js';
import type { PictureState } from './state.js';

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
