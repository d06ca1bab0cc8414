import { expect, test } from 'vitest';
import { memoryShortage } from '../../../src/engine-host/memory.js';

const megabyte = 1024 ** 2;

test.each([
  ['there is enough', 100, 4000, undefined],
  ['the system does not say what is left', 100, undefined, undefined],
  ['the engine is above its limit', 501, 4000, 'engine'],
  ['the system has next to nothing left', 100, 150, 'system'],
  ['both are so, in which case less work helps', 501, 150, 'engine'],
])('%s', (_, resident, available, scope) => {
  const reading = {
    resident: resident * megabyte,
    available: available === undefined ? undefined : available * megabyte,
  };
  expect(memoryShortage(reading, 500 * megabyte)).toBe(scope);
});
