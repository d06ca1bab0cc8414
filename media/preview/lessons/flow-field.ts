/**
 * Flow matching in two dimensions, exactly: noise is a standard normal, data a list of points, and the path between
 * the two is straight, Yₜ = t·Y₁ + (1−t)·Y₀ (OneFlow eq. 8).
 */
import { createStream, normals, Purpose, uniform } from '../../../src/core/flow/random.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points on a spiral of two turns, within about [−2, 2]². */
export function spiral(count: number): Point[] {
  return Array.from({ length: count }, (_, index) => {
    const share = (index + 0.5) / count;
    const angle = 4 * Math.PI * Math.sqrt(share);
    const radius = 0.25 + 1.75 * Math.sqrt(share);
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}

/** `count` points of standard normal noise. */
export function noise(seed: number, count: number): Point[] {
  const values = normals(createStream(seed, 'flow'), Purpose.Noise, 0, 2 * count);
  return Array.from({ length: count }, (_, index) => ({ x: values[2 * index]!, y: values[2 * index + 1]! }));
}

/** For each of `count` noise points, the index of the data point that it is paired with. */
export function pairing(seed: number, count: number, dataCount: number): number[] {
  const stream = createStream(seed, 'pairs');
  return Array.from({ length: count }, (_, index) =>
    Math.floor(uniform(stream, Purpose.Token, 0, index) * dataCount),
  );
}

/** Where a pair is at time `t` of its straight path. */
export function between(from: Point, to: Point, t: number): Point {
  return { x: t * to.x + (1 - t) * from.x, y: t * to.y + (1 - t) * from.y };
}

/**
 * The velocity that flow matching learns at a place: the mean of Y₁ − Y₀ over all pairs whose path leads through it at
 * time `t`, 0 ≤ t < 1. Given Yₜ = x, a data point is the end of the path with a weight exp(−|x − t·y|² / 2(1−t)²), and
 * the velocity of that path is (y − x)/(1−t).
 */
export function velocity(data: readonly Point[], place: Point, t: number): Point {
  const rest = 1 - t;
  const exponents = data.map(
    ({ x, y }) => -((place.x - t * x) ** 2 + (place.y - t * y) ** 2) / (2 * rest * rest),
  );
  const largest = Math.max(...exponents);
  let sum = 0;
  let x = 0;
  let y = 0;
  data.forEach((point, index) => {
    const weight = Math.exp(exponents[index]! - largest);
    sum += weight;
    x += weight * point.x;
    y += weight * point.y;
  });
  return { x: (x / sum - place.x) / rest, y: (y / sum - place.y) / rest };
}

/** The places that a new point comes by when it follows the field from t = 0 to 1 in equal Euler steps. */
export function follow(data: readonly Point[], start: Point, steps: number): Point[] {
  const path = [start];
  let at = start;
  for (let step = 0; step < steps; step += 1) {
    const v = velocity(data, at, step / steps);
    at = { x: at.x + v.x / steps, y: at.y + v.y / steps };
    path.push(at);
  }
  return path;
}
