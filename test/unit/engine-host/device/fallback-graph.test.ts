import { beforeAll, expect, test } from 'vitest';
import { FallbackGraph } from '../../../../src/engine-host/device/fallback-graph.js';
import { ModelDevice } from '../../../../src/engine-host/device/model-device.js';
import type { RunnableGraph, TensorValues } from '../../../../src/engine-host/graph.js';
import { denoiserOf, graphLoader } from '../../../../src/engine-host/model-graphs.js';
import { readModelPackage, type ModelPackage } from '../../../../src/engine-host/model-package.js';
import { trialBatch } from '../../../../src/engine-host/trial.js';
import { copyOfTinyModel, spoilDenoiser, tinyModel } from '../tiny-package.js';

let pack: ModelPackage;
beforeAll(async () => {
  pack = await readModelPackage(tinyModel);
});

const sound = () => graphLoader(pack, 1)('decoder', 'cpu');

function latent(): TensorValues {
  const { channels, size } = pack.manifest.image.latent;
  const data = new Float32Array(channels * size * size).fill(0.3);
  return { latent: { type: 'float32', data, shape: [1, channels, size, size] } };
}

/** A device whose failures are counted; both sides are real sessions, since any session can play the GPU's part. */
function gpuDevice() {
  const failures: string[] = [];
  return { failures, device: new ModelDevice('webgpu', ({ detail }) => failures.push(detail)) };
}

test('a GPU that works is used, and no session is made on the CPU', async () => {
  const { device, failures } = gpuDevice();
  const made: string[] = [];
  const graph = await FallbackGraph.load(device, (provider) => {
    made.push(provider);
    return sound();
  });
  await graph.run(latent());
  await graph.run(latent());
  expect([made, failures, device.current]).toEqual([['webgpu'], [], 'webgpu']);
  await graph.dispose();
});

test('a GPU that is lost between two runs costs nothing: the second is made on the CPU', async () => {
  const { device, failures } = gpuDevice();
  const gpu = await sound();
  const graph = await FallbackGraph.load(device, async (provider) => (provider === 'cpu' ? sound() : gpu));
  const first = await graph.run(latent());
  await gpu.dispose(); // every run of it fails from now on
  expect(await graph.run(latent())).toEqual(first);
  expect(await graph.run(latent())).toEqual(first);
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatch(/^The model's decoder cannot be run/);
  expect(device.current).toBe('cpu');
  await graph.dispose();
});

test('numbers that are not finite are a failure', async () => {
  const { device, failures } = gpuDevice();
  const folder = await copyOfTinyModel();
  await spoilDenoiser(folder, NaN);
  const spoiled = await readModelPackage(folder);
  const graph = await FallbackGraph.load(device, (provider) =>
    graphLoader(provider === 'cpu' ? pack : spoiled, 1)('denoiser', 'cpu'),
  );
  const { gapRates } = await denoiserOf(pack.manifest, graph).run(
    trialBatch(pack.manifest, { rows: 1, textLength: 8 }),
  );
  expect(gapRates.every(Number.isFinite)).toBe(true);
  expect(failures).toEqual([expect.stringMatching(/^The model's denoiser gives numbers in .* not finite$/)]);
  await graph.dispose();
});

test('a session that cannot be made on the GPU is made on the CPU', async () => {
  const { device, failures } = gpuDevice();
  // This machine has no DirectML, and that is how a provider that is missing fails.
  const graph = await FallbackGraph.load(device, (provider): Promise<RunnableGraph> =>
    graphLoader(pack, 1)('decoder', provider === 'cpu' ? 'cpu' : 'dml'),
  );
  expect(failures).toHaveLength(1);
  await graph.run(latent());
  await graph.dispose();
});

test('what fails on the CPU too is not held against the GPU', async () => {
  const { device, failures } = gpuDevice();
  const graph = await FallbackGraph.load(device, () => sound());
  await expect(graph.run({})).rejects.toThrow("The model's decoder cannot be run");
  expect([failures, device.current]).toEqual([[], 'webgpu']);
  await graph.dispose();
});

test('the graphs of a model leave the GPU together', async () => {
  const { device } = gpuDevice();
  const made: string[] = [];
  const load = (provider: string) => {
    made.push(provider);
    return sound();
  };
  const [one, two] = [await FallbackGraph.load(device, load), await FallbackGraph.load(device, load)];
  device.fail('lost');
  await one.run(latent());
  await two.run(latent());
  expect(made).toEqual(['webgpu', 'webgpu', 'cpu', 'cpu']);
  await one.dispose();
  await two.dispose();
});
