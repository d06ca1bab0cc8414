/** One step of a picture on the straight path from noise to the predicted clean latents. */
import type { PictureQuery } from './batch.js';
import type { PictureState } from './state.js';

/**
 * The clean latents that the model predicts in the document, c, pushed by the weight w from what it predicts without
 * any context, u, towards what the picture's own slot alone asks for, s: c + (w−1)·(s − u). This is guidance by two
 * conditions (InstructPix2Pix, arXiv 2211.09800, eq. 3), u + w·(s − u) + (c − s): the slot counts w times, and the rest
 * of the document once. Were all of it to count w times, several pictures of a document would take each other's
 * colours. Without a slot s is c. Guiding the clean latents is guiding the velocities, since all start from the same
 * noisy latents.
 */
export function cleanPrediction(
  query: PictureQuery,
  cleanPatches: Float32Array,
  size: number,
  weight: number,
): Float32Array {
  const { offset, slotOffset = offset, unconditionalOffset } = query;
  const prediction = cleanPatches.slice(offset, offset + size);
  if (unconditionalOffset === undefined) return prediction;
  for (let i = 0; i < size; i++) {
    prediction[i]! += (weight - 1) * (cleanPatches[slotOffset + i]! - cleanPatches[unconditionalOffset + i]!);
  }
  return prediction;
}

/**
 * Moves a picture from its time to `to` along v = (clean − y)/(1 − t) (OneFlow eq. 8–9 for a network that predicts the
 * clean latents), by the Adams–Bashforth rule of second order: y ← y + h·(v + h/(2·h₀)·(v − v₀)), with v₀ the velocity
 * of the step before and h₀ that step's length. It takes one pass a step, as Euler's rule does, which the first step
 * follows. At time 1 the picture is the prediction, exactly.
 */
export function imageStep(picture: PictureState, clean: Float32Array, to: number): PictureState {
  if (to >= 1) return { ...picture, t: 1, latents: clean, clean };
  const { t, latents, before } = picture;
  const ahead = before === undefined ? 0 : (to - t) / (2 * (t - before.t));
  const velocity = new Float32Array(latents.length);
  const moved = new Float32Array(latents.length);
  for (let i = 0; i < latents.length; i++) {
    velocity[i] = (clean[i]! - latents[i]!) / (1 - t);
    const change = before === undefined ? 0 : velocity[i]! - before.velocity[i]!;
    moved[i] = latents[i]! + (to - t) * (velocity[i]! + ahead * change);
  }
  return { ...picture, t: to, latents: moved, clean, before: { t, velocity } };
}
