import { describe, expect, it } from 'vitest';
import { imageStep } from '../../../../src/core/flow/image-step.js';
import type { PictureState } from '../../../../src/core/flow/state.js';
import { picture } from './support.js';

function noisy(...latents: number[]): PictureState {
  const y = Float32Array.from(latents);
  return { kind: 'picture', input: picture(), start: 0, t: 0, latents: y, clean: y };
}

/** Error at time 0.5, in `steps` steps, where the prediction is half of y: then y = y₀·√(1−t). */
function errorOfSquareRoot(steps: number): number {
  let state = noisy(1);
  for (let step = 1; step <= steps; step++) {
    state = imageStep(
      state,
      state.latents.map((value) => value / 2),
      (0.5 * step) / steps,
    );
  }
  return Math.abs(state.latents[0]! - Math.sqrt(0.5));
}

describe('a step of a picture', () => {
  it('lies on the straight line to a prediction that does not change', () => {
    const clean = Float32Array.of(3, -1);
    let state = noisy(1, 1);
    for (const to of [0.25, 0.4, 0.75]) {
      state = imageStep(state, clean, to);
      expect(state.t).toBe(to);
      expect(state.latents[0]).toBeCloseTo(1 + to * 2, 6);
      expect(state.latents[1]).toBeCloseTo(1 - to * 2, 6);
    }
  });

  it('is of second order: half as long steps leave a quarter of the error', () => {
    expect(errorOfSquareRoot(8) / errorOfSquareRoot(16)).toBeGreaterThan(3.5);
    expect(errorOfSquareRoot(16)).toBeLessThan(1e-3);
  });

  it('ends at the prediction, exactly', () => {
    const clean = Float32Array.of(0.1, 0.7);
    const half = imageStep(noisy(1, 1), Float32Array.of(0, 0), 0.5);
    expect(imageStep(half, clean, 1)).toMatchObject({ t: 1, latents: clean, clean });
  });
});
