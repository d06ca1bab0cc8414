import { afterAll, beforeAll, expect, test } from 'vitest';
import { soak } from '../../soak/soak.js';
import { buildHost, tinyModel, type Bundle } from './host-bundle.js';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildHost();
});
afterAll(() => bundle.remove());

// So many rounds and not so many seconds: on a busy machine a few seconds meet nothing.
test(
  'some runs, cancels and kills lose no answer and leave nothing behind',
  { timeout: 300_000 },
  async () => {
    const { hostPath } = bundle;
    const summary = await soak({ hostPath, modelDirectory: tinyModel, seconds: 0, rounds: 16, seed: 1 });
    expect({ lost: summary.lost, leaked: summary.leaked }).toEqual({ lost: [], leaked: [] });
    for (const kind of ['complete', 'interrupted', 'failed', 'kills'] as const) {
      expect(summary[kind]).toBeGreaterThan(0);
    }
  },
);
