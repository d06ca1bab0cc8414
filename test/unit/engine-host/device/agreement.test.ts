import { expect, onTestFinished, test } from 'vitest';
import { findDifference } from '../../../../src/engine-host/device/agreement.js';
import { loadEngineModel, type EngineModel } from '../../../../src/engine-host/engine-model.js';
import {
  disposeGraphs,
  graphLoader,
  loadGraphs,
  networksOf,
  type Networks,
} from '../../../../src/engine-host/model-graphs.js';
import { readModelPackage } from '../../../../src/engine-host/model-package.js';
import { copyOfTinyModel, spoilDenoiser, tinyModel } from '../tiny-package.js';

async function soundModel(): Promise<EngineModel> {
  const model = await loadEngineModel(tinyModel, 1);
  onTestFinished(() => model.dispose());
  return model;
}

/** The model as a device computes it that gets one number of it wrong. */
async function spoiledNetworks(value: number): Promise<Networks> {
  const folder = await copyOfTinyModel();
  await spoilDenoiser(folder, value);
  const pack = await readModelPackage(folder);
  const load = graphLoader(pack, 1);
  const graphs = await loadGraphs((name) => load(name, 'cpu'));
  onTestFinished(() => disposeGraphs(graphs));
  return networksOf(pack.manifest, graphs);
}

test('a device that computes the same agrees, on every graph, with one row and with two', async () => {
  const [cpu, same] = [await soundModel(), await soundModel()];
  const steps: string[] = [];
  const found = await findDifference(cpu.manifest, cpu, same, (done) => steps.push(done));
  expect(found).toEqual({ problem: undefined, maxAbsoluteError: 0 });
  expect(steps).toEqual([
    'running the denoiser',
    'running the denoiser with two rows',
    'running the encoder',
    'running the decoder',
  ]);
});

test('a small difference is measured and let pass', async () => {
  const cpu = await soundModel();
  const found = await findDifference(cpu.manifest, cpu, await spoiledNetworks(0.3185), () => undefined);
  expect(found.problem).toBeUndefined();
  expect(found).toHaveProperty('maxAbsoluteError', expect.closeTo(0.0002, 4));
});

test('a number that is off is wrong', async () => {
  const cpu = await soundModel();
  const found = await findDifference(cpu.manifest, cpu, await spoiledNetworks(0.5), () => undefined);
  expect(found).toEqual({
    problem: 'wrong',
    detail: expect.stringMatching(/^the denoiser differs from the CPU's by up to 0\.\d+$/) as string,
  });
});

test('a number that is not finite is a failure', async () => {
  const cpu = await soundModel();
  const found = await findDifference(cpu.manifest, cpu, await spoiledNetworks(NaN), () => undefined);
  expect(found).toEqual({ problem: 'failed', detail: expect.stringContaining('not finite') as string });
});
