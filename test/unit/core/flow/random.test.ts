import { describe, expect, it } from 'vitest';
import { createStream, normals, philox, Purpose, uniform } from '../../../../src/core/flow/random.js';

describe('philox', () => {
  // The known answers for philox4x32 with 10 rounds that come with Random123.
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const)('gives the known answer for counter %j and key %j', (counter, key, answer) => {
    expect(philox(counter, key)).toEqual(answer);
  });
});

describe('draws', () => {
  const stream = createStream(1, 'm1');

  it('are uniform in [0, 1)', () => {
    const draws = Array.from({ length: 100_000 }, (_, index) => uniform(stream, Purpose.Gate, 0, index));
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    expect(mean).toBeCloseTo(0.5, 2);
    const share = draws.filter((draw) => draw < 0.1).length / draws.length;
    expect(share).toBeCloseTo(0.1, 2);
  });

  it('depend on every part of their address', () => {
    const draws = [
      uniform(stream, Purpose.Gate, 0, 0),
      uniform(stream, Purpose.Rate, 0, 0),
      uniform(stream, Purpose.Gate, 1, 0),
      uniform(stream, Purpose.Gate, 0, 1),
      uniform(createStream(2, 'm1'), Purpose.Gate, 0, 0),
      uniform(createStream(1, 'm2'), Purpose.Gate, 0, 0),
    ];
    expect(new Set(draws).size).toBe(draws.length);
  });

  it('are normal with mean 0 and deviation 1', () => {
    const draws = normals(stream, Purpose.Noise, 0, 20_000);
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + draw ** 2, 0) / draws.length;
    const tail = draws.filter((draw) => Math.abs(draw) > 1.96).length / draws.length;
    expect(mean).toBeCloseTo(0, 1);
    expect(variance).toBeCloseTo(1, 1);
    expect(tail).toBeCloseTo(0.05, 2);
  });

  it('do not change when more of them are made', () => {
    expect(normals(stream, Purpose.Noise, 0, 5)).toEqual(normals(stream, Purpose.Noise, 0, 9).subarray(0, 5));
  });
});
