import { expect, onTestFinished, test } from 'vitest';
import { FallbackGraph } from '../../../../src/engine-host/device/fallback-graph.js';
import { ModelDevice } from '../../../../src/engine-host/device/model-device.js';
import { loadEngineModel } from '../../../../src/engine-host/engine-model.js';
import type { Graph } from '../../../../src/engine-host/graph.js';
import {
  disposeGraphs,
  graphLoader,
  loadGraphs,
  networksOf,
} from '../../../../src/engine-host/model-graphs.js';
import { readModelPackage } from '../../../../src/engine-host/model-package.js';
import { runRefine } from '../../../../src/engine-host/runner.js';
import { shortRequest } from '../../engine/device-support.js';
import { tinyModel } from '../tiny-package.js';

test('a GPU that is lost in the midst of a run costs nothing but a warning', async () => {
  const onCpu = await loadEngineModel(tinyModel, 1);
  onTestFinished(() => onCpu.dispose());
  const signal = new AbortController().signal;
  const whole = await runRefine(onCpu, shortRequest, { signal, onFrame: () => undefined });

  // Any session can play the GPU's part; one that is released fails every run from then on, as a lost GPU does.
  const pack = await readModelPackage(tinyModel);
  const load = graphLoader(pack, 1);
  const gpu: Graph[] = [];
  const device = new ModelDevice('webgpu');
  const graphs = await loadGraphs((name) =>
    FallbackGraph.load(device, async (provider) => {
      const graph = await load(name, 'cpu');
      if (provider === 'webgpu') gpu.push(graph);
      return graph;
    }),
  );
  onTestFinished(() => disposeGraphs(graphs));
  const onGpu = { ...onCpu, ...networksOf(pack.manifest, graphs), graphs, device };
  const result = await runRefine(onGpu, shortRequest, {
    signal,
    onFrame: ({ pass }) => {
      if (pass === 2) for (const graph of gpu) void graph.dispose();
    },
  });
  expect(gpu).toHaveLength(3);
  expect(result).toMatchObject({
    interrupted: false,
    device: 'cpu',
    warnings: ['The GPU (webgpu) failed during the run; the rest of it ran on the CPU.'],
  });
  expect([result.spans, result.pictures]).toEqual([whole.spans, whole.pictures]);

  const next = await runRefine(onGpu, shortRequest, { signal, onFrame: () => undefined });
  expect(next).toMatchObject({ device: 'cpu', warnings: [], spans: whole.spans });
});
