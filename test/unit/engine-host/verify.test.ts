import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { loadEngineModel, type EngineModel } from '../../../src/engine-host/engine-model.js';
import { verifyModel } from '../../../src/engine-host/verify.js';
import { copyOfTinyModel, editManifest, replaceFile, spoilDenoiser, tinyModel } from './tiny-package.js';

async function load(folder: string): Promise<EngineModel> {
  const model = await loadEngineModel(folder, 1);
  onTestFinished(() => model.dispose());
  return model;
}

test('a package that computes what was recorded passes', async () => {
  const { graphs, files } = await verifyModel(await load(tinyModel));
  expect(graphs.map(({ name }) => name)).toEqual(['denoiser', 'encoder', 'decoder']);
  for (const graph of graphs) {
    expect(graph.tolerance).toBe(0.0001);
    expect(graph.maxAbsoluteError).toBeLessThan(0.0001);
  }
  expect(files.map((file) => file.path)).toContain('denoiser.onnx');
});

type Recorded = Record<string, { inputs: Tensors; outputs: Tensors }>;
type Tensors = Record<string, { shape: number[]; type: string; data: number[] }>;

test.each<[name: string, edit: (reference: Recorded) => void, message: RegExp]>([
  [
    'another output',
    (reference) => (reference['encoder']!.outputs['latent']!.data[3]! += 0.5),
    /^The encoder \(encoder\.onnx\) differs from its reference in reference\.json by up to 0\.500, more than the 0\.0001 allowed;/,
  ],
  [
    'a missing output',
    (reference) => delete reference['denoiser']!.outputs['gap_rates'],
    /^reference\.json holds no 2 numbers for the denoiser's output "gap_rates"\.$/,
  ],
  [
    'a missing input',
    (reference) => delete reference['denoiser']!.inputs['tokens'],
    /^The model's denoiser cannot be run: .*tokens/,
  ],
  [
    'a shape that its numbers do not fill',
    (reference) => reference['decoder']!.inputs['latent']!.data.pop(),
    /^reference\.json: decoder\.latent has 63 numbers, which do not fill the shape \[1, 4, 4, 4\]\.$/,
  ],
  [
    'an id that is no integer',
    (reference) => (reference['denoiser']!.inputs['tokens']!.data[0] = 1.5),
    /^reference\.json: denoiser\.tokens has numbers that are no integers\.$/,
  ],
  [
    'a missing graph',
    (reference) => delete reference['decoder'],
    /^reference\.json is no reference recording: see decoder\.$/,
  ],
])('a recording with %s fails', async (_, edit, message) => {
  const folder = await copyOfTinyModel();
  const reference = JSON.parse(await readFile(path.join(folder, 'reference.json'), 'utf8')) as Recorded;
  edit(reference);
  await replaceFile(folder, 'reference.json', Buffer.from(JSON.stringify(reference)));
  const verification = verifyModel(await load(folder));
  await expect(verification).rejects.toMatchObject({ code: 'bad-model' });
  await expect(verification).rejects.toThrow(message);
});

test('weights other than the recorded ones fail', async () => {
  const folder = await copyOfTinyModel();
  await spoilDenoiser(folder, 0.5);
  await expect(verifyModel(await load(folder))).rejects.toThrow(
    'The denoiser (denoiser.onnx) differs from its reference',
  );
});

test('the tolerance is what the package says', async () => {
  const folder = await copyOfTinyModel();
  const reference = JSON.parse(await readFile(path.join(folder, 'reference.json'), 'utf8')) as Recorded;
  reference['encoder']!.outputs['latent']!.data[3]! += 0.5;
  await replaceFile(folder, 'reference.json', Buffer.from(JSON.stringify(reference)));
  await editManifest(folder, (manifest) => {
    manifest.reference.tolerance = 0.6;
  });
  const { graphs } = await verifyModel(await load(folder));
  expect(graphs[1]!.maxAbsoluteError).toBeCloseTo(0.5, 3);
});
