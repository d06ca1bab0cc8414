import { describe, expect, it } from 'vitest';
import {
  arrivalProbability,
  growingSteps,
  growingTimeAt,
  kappa,
  timeAt,
  timeCorrection,
} from '../../../../src/core/flow/schedule.js';

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

describe('growingSteps', () => {
  it.each([
    [1, 1],
    [4, 3],
    [24, 19],
  ])('leaves some of %d passes for the clean-up', (steps, regular) => {
    expect(growingSteps(steps)).toBe(regular);
  });
});

describe('growingTimeAt', () => {
  it.each([0, 0.4])('goes from %d to exactly 1 in steps that grow longer', (start) => {
    const times = Array.from({ length: 8 }, (_, step) => growingTimeAt(start, step, 7));
    expect(times[0]).toBe(start);
    expect(times[7]).toBe(1);
    const lengths = times.slice(1).map((time, step) => time - times[step]!);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
  });
});

describe('timeCorrection', () => {
  /** The mean of K under geometric belief weighted by (1−t)^K / B(n+½, K+1), summed term by term. */
  function reweightedMean(t: number, visible: number, expected: number): number {
    const ratio = expected / (1 + expected);
    let weight = 1;
    let total = 0;
    let sum = 0;
    for (let missing = 0; missing < 5000; missing++) {
      total += weight;
      sum += missing * weight;
      weight *= (ratio * (1 - t) * (visible + missing + 1.5)) / (missing + 1);
    }
    return sum / total;
  }

  it.each([
    [0, 0, 17],
    [0.05, 3, 29],
    [0.5, 32, 37.7],
    [0.9, 53, 6.3],
  ])('at time %d gives what Bayes’ rule gives for %d tokens seen and %d expected', (t, visible, expected) => {
    const mean = reweightedMean(t, visible, expected);
    expect(timeCorrection(t, visible, expected) * expected).toBeCloseTo(mean, 6);
  });

  it('lets nothing be missing at the end', () => {
    expect(timeCorrection(1, 12, 3)).toBe(0);
  });
});
