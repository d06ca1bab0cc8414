const name = 'ONEFLOW_TEST_SEED';

/**
 * The seed of a random test. It is fixed, so that the test says the same every time, unless `ONEFLOW_TEST_SEED` names
 * another for all of them, as `npm run test:repeat` does.
 */
export function testSeed(fixed: number): number {
  const asked = process.env[name];
  if (asked === undefined) return fixed;
  if (!/^\d{1,9}$/.test(asked)) throw new Error(`${name} is ${asked}; it must be a number below 10⁹.`);
  return Number(asked);
}
