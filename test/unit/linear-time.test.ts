import { expect, test } from 'vitest';
import { expectLinearTime } from './linear-time.js';

/** Does `count` small steps that cannot be left out. */
function toil(count: number): void {
  let sum = 0;
  for (let step = 0; step < count; step += 1) sum = (sum + Math.imul(step, step)) | 0;
  expect(sum).toBeTypeOf('number');
}

test('what is linear passes', () => {
  expectLinearTime(
    (size) => {
      toil(size * 1000);
    },
    40_000,
    'toil',
  );
});

test('what is quadratic fails', () => {
  const quadratic = (): void => {
    expectLinearTime(
      (size) => {
        toil(size * size);
      },
      10_000,
      'toil',
    );
  };
  expect(quadratic).toThrow(/^toil takes .* ms for 4 times as much$/);
});
