import { expect, onTestFinished, test } from 'vitest';
import { benchModel } from '../../../src/engine-host/bench.js';
import { loadEngineModel } from '../../../src/engine-host/engine-model.js';
import { runRefine } from '../../../src/engine-host/runner.js';
import { shortRequest } from '../engine/device-support.js';
import { tinyModel } from './tiny-package.js';

test('a model is measured by positions, as far as its context goes, and on whole documents', async () => {
  const model = await loadEngineModel(tinyModel, 1);
  onTestFinished(() => model.dispose());
  const options = { signal: new AbortController().signal, onFrame: () => undefined };
  const { forwardPasses } = await runRefine(model, shortRequest, options);

  const { passes, decodeMilliseconds, documents, peakMemoryBytes } = await benchModel(model, [
    shortRequest,
    { ...shortRequest, steps: 2 },
  ]);
  expect(passes.map(({ positions }) => positions)).toEqual([64, 128, 256]);
  for (const { milliseconds } of passes) expect(milliseconds).toBeGreaterThan(0);
  expect(decodeMilliseconds).toBeGreaterThan(0);
  expect(documents).toHaveLength(2);
  expect(documents[0]!.forwardPasses).toBe(forwardPasses);
  for (const { javascriptShare, ofSessionRun, seconds } of documents) {
    expect(seconds.refine).toBeGreaterThan(0);
    expect(javascriptShare).toBeGreaterThan(0);
    expect(javascriptShare).toBeLessThan(1);
    expect(ofSessionRun).toBeGreaterThan(0);
  }
  // Less than a process with ONNX Runtime in it takes would be a wrong unit.
  expect(peakMemoryBytes).toBeGreaterThan(30 * 1024 ** 2);
});
