import { describe, expect, it } from 'vitest';
import { arrivalProbability, kappa, timeAt } from '../../../../src/core/flow/schedule.js';

describe('arrivalProbability', () => {
  it.each([0, 0.4, 0.93])('telescopes: the absent share from %d falls to 1 − κ(t) at every step', (start) => {
    const steps = 9;
    let absent = 1 - kappa(start);
    for (let step = 0; step < steps; step++) {
      const to = timeAt(start, step + 1, steps);
      absent *= 1 - arrivalProbability(timeAt(start, step, steps), to);
      expect(absent).toBeCloseTo(1 - kappa(to), 12);
    }
    expect(absent).toBe(0);
  });

  it.each([0, 0.7])('is 1/(N−j) in step j of N from time %d', (start) => {
    for (let step = 0; step < 5; step++) {
      const arrival = arrivalProbability(timeAt(start, step, 5), timeAt(start, step + 1, 5));
      expect(arrival).toBeCloseTo(1 / (5 - step), 12);
    }
  });

  it('is 0 where nothing is absent', () => {
    expect(arrivalProbability(1, 1)).toBe(0);
  });
});
