import { describe, expect, it } from 'vitest';
import {
  between,
  follow,
  noise,
  pairing,
  spiral,
  velocity,
} from '../../../media/preview/lessons/flow-field.js';

describe('the velocity field', () => {
  it('points from a place to the only data point there is, as fast as the path', () => {
    const data = [{ x: 2, y: -1 }];
    const place = between({ x: 0.5, y: 0.5 }, data[0]!, 0.25);
    const v = velocity(data, place, 0.25);
    // The velocity of a straight path is its end minus its start.
    expect(v.x).toBeCloseTo(1.5);
    expect(v.y).toBeCloseTo(-1.5);
  });

  it('is the mean of the paths through a place', () => {
    const data = [
      { x: 1, y: 0 },
      { x: -1, y: 0 },
    ];
    const v = velocity(data, { x: 0, y: 0.4 }, 0.5);
    expect(v.x).toBeCloseTo(0);
    expect(v.y).toBeCloseTo(-0.8);
  });

  it('leads new noise to the data', () => {
    const data = spiral(120);
    for (const start of noise(3, 20)) {
      const end = follow(data, start, 60).at(-1)!;
      const nearest = Math.min(...data.map(({ x, y }) => Math.hypot(x - end.x, y - end.y)));
      expect(nearest).toBeLessThan(0.1);
    }
  });

  it('draws the same for the same seed', () => {
    expect(noise(5, 10)).toEqual(noise(5, 10));
    expect(noise(5, 10)).not.toEqual(noise(6, 10));
    expect(pairing(5, 10, 7).every((index) => index >= 0 && index < 7)).toBe(true);
  });
});
