import { afterAll, beforeAll, expect, test } from 'vitest';
import { soak } from '../../soak/soak.js';
import { buildHost, tinyModel, type Bundle } from './host-bundle.js';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildHost();
});
afterAll(() => bundle.remove());

test('a few seconds of runs, cancels and kills lose no answer and leak nothing', async () => {
  const { hostPath } = bundle;
  const summary = await soak({ hostPath, modelDirectory: tinyModel, seconds: 10, seed: 1 });
  expect({ lost: summary.lost, leaked: summary.leaked }).toEqual({ lost: [], leaked: [] });
  for (const kind of ['complete', 'interrupted', 'failed', 'kills'] as const) {
    expect(summary[kind]).toBeGreaterThan(0);
  }
});
