import { describe, expect, it } from 'vitest';
import { createTokenSampler } from '../../../../src/core/flow/sampling.js';
import { vocabulary } from './support.js';

const small = { ...vocabulary, size: 12 };
/** Logits of ids 8–11; all special ids, and those beyond the vocabulary, are far likelier. */
const logits = (...text: number[]) => Float32Array.from([...Array<number>(8).fill(50), ...text, 50, 50]);
const probabilities = logits(...[0.1, 0.2, 0.3, 0.4].map(Math.log));

const draws = Array.from({ length: 1000 }, (_, i) => i / 1000);
const none: ReadonlySet<number> = new Set();
function shares(temperature: number, topP: number, row = probabilities, excluded = none): number[] {
  const sample = createTokenSampler({ vocabulary: small, temperature, topP });
  const counts = new Map<number, number>();
  for (const draw of draws) {
    const token = sample(row, draw, excluded);
    counts.set(token, (counts.get(token) ?? 0) + 1 / draws.length);
  }
  expect([...counts.keys()].every((token) => token >= 8 && token < 12)).toBe(true);
  return [8, 9, 10, 11].map((token) => counts.get(token) ?? 0);
}
const expectShares = (actual: number[], expected: number[]) => {
  actual.forEach((share, i) => {
    expect(Math.abs(share - expected[i]!)).toBeLessThan(0.0021);
  });
};

describe('a token sampler', () => {
  it('draws text tokens by their probability, and no special or padding token however likely', () => {
    expectShares(shares(1, 1), [0.1, 0.2, 0.3, 0.4]);
  });

  it('sharpens with a low temperature', () => {
    const squared = [0.01, 0.04, 0.09, 0.16].map((share) => share / 0.3);
    expectShares(shares(0.5, 1), squared);
  });

  it('takes the likeliest token at temperature 0', () => {
    expect(shares(0, 1)[3]).toBeCloseTo(1, 9);
  });

  it('keeps the likeliest tokens up to the mass of top-p', () => {
    expectShares(shares(1, 0.65), [0, 0, 3 / 7, 4 / 7]);
    expectShares(shares(1, 0.75), [0, 2 / 9, 3 / 9, 4 / 9]);
  });

  it('keeps the likeliest token however small top-p is', () => {
    expectShares(shares(1, 1e-9), [0, 0, 0, 1]);
  });

  it('keeps all tokens that are as likely as the last of the nucleus', () => {
    expectShares(shares(1, 0.3, logits(0, 0, 0, 0)), [0.25, 0.25, 0.25, 0.25]);
  });

  it('never takes an excluded token, however likely', () => {
    const excluded = new Set([11, 9]);
    expectShares(shares(1, 1, probabilities, excluded), [0.25, 0, 0.75, 0]);
    expectShares(shares(1, 0.7, probabilities, excluded), [0, 0, 1, 0]);
    expectShares(shares(0, 1, probabilities, excluded), [0, 0, 1, 0]);
  });

  it('finds the nucleus where most of the mass is in tokens of which each is unlikely', () => {
    const size = 20_008;
    const row = new Float32Array(size).fill(0);
    row[8] = 9;
    const excluded = new Set([9]);
    row[9] = 30;
    const sample = createTokenSampler({ vocabulary: { ...small, size }, temperature: 1, topP: 0.9 });
    const drawn = draws.map((draw) => sample(row, draw, excluded));
    const likeliest = drawn.filter((token) => token === 8).length / draws.length;
    // Of all others every one is as likely as the last of the nucleus.
    expect(likeliest).toBeCloseTo(1 / (1 + 19_998 * Math.exp(-9)), 2);
    expect(drawn).not.toContain(9);
    expect(new Set(drawn).size).toBeGreaterThan(draws.length / 2);
  });

  it('cuts the same nucleus as sorting the whole vocabulary does', () => {
    const size = 300;
    const row = Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 3);
    const sample = createTokenSampler({ vocabulary: { ...small, size }, temperature: 1, topP: 0.9 });
    const drawn = new Set(Array.from({ length: 10_000 }, (_, i) => sample(row, i / 10_000, none)));

    const weights = Array.from({ length: size - 8 }, (_, i) => ({
      token: i + 8,
      weight: Math.exp(row[i + 8]!),
    }));
    weights.sort((a, b) => b.weight - a.weight);
    const total = weights.reduce((sum, { weight }) => sum + weight, 0);
    let mass = 0;
    const nucleus = weights.filter(({ weight }) => (mass += weight) - weight < 0.9 * total);
    expect(drawn.size).toBeLessThanOrEqual(nucleus.length);
    expect(drawn.size).toBeGreaterThan(nucleus.length - 3);
    const allowed = new Set(nucleus.map(({ token }) => token));
    expect([...drawn].every((token) => allowed.has(token))).toBe(true);
  });
});
