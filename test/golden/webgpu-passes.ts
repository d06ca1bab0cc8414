/**
 * Makes a short run on the CPU and has WebGPU compute every pass of it too, from the same state. Prints by how much the
 * numbers differ at most, pass by pass.
 *     node webgpu-passes.cjs <model-dir>
 */
import type { Denoiser } from '../../src/core/flow/denoiser.js';
import { differenceBetween } from '../../src/engine-host/device/agreement.js';
import { ModelDevice } from '../../src/engine-host/device/model-device.js';
import { loadEngineModel } from '../../src/engine-host/engine-model.js';
import { runRefine } from '../../src/engine-host/runner.js';
import type { RefineRequest } from '../../src/protocol/engine-messages.js';

const request: RefineRequest = {
  seed: 7,
  steps: 4,
  segments: [
    { kind: 'text', text: '# Tomato soup\n\n![a red tomato](' },
    { kind: 'picture', id: 'm1', alt: 'a red tomato', masked: true, strength: 1 },
    { kind: 'text', text: ')\n\nChop the onion and' },
    { kind: 'span', id: 'm2', form: 'inline', text: '', strength: 1, max: 3 },
    { kind: 'text', text: '.\n\n' },
    { kind: 'span', id: 'm3', form: 'block', text: '', strength: 1, length: 12 },
  ],
};

async function main(directory: string): Promise<void> {
  const cpu = await loadEngineModel(directory, 1);
  const gpu = await loadEngineModel(directory, 1, new ModelDevice('webgpu'));
  const differences: number[] = [];
  const denoiser: Denoiser = {
    vocabularySize: cpu.denoiser.vocabularySize,
    run: async (batch) => {
      const [ours, theirs] = [await cpu.denoiser.run(batch), await gpu.denoiser.run(batch)];
      const names = Object.keys(ours) as (keyof typeof ours)[];
      differences.push(Math.max(...names.map((name) => differenceBetween(ours[name], theirs[name]))));
      return ours;
    },
  };
  const signal = new AbortController().signal;
  await runRefine({ ...cpu, denoiser }, request, { signal, onFrame: () => undefined });
  console.log(JSON.stringify({ device: gpu.device.current, differences }));
}

void main(process.argv[2]!);
