/** Copies of the tiny model package that a test may spoil. */
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type { ModelManifest } from '../../../src/protocol/model-package.js';

const fixtures = path.resolve(import.meta.dirname, '../../fixtures/engine');

export const tinyModel = path.join(fixtures, 'tiny-model');
export const badGraph = (name: string): string => path.join(fixtures, 'bad-graphs', `${name}.onnx`);

/** A folder of its own for the test that runs. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oneflow-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function copyOfTinyModel(): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'model');
  await cp(tinyModel, folder, { recursive: true });
  return folder;
}

export async function editManifest(folder: string, edit: (manifest: ModelManifest) => void): Promise<void> {
  const file = path.join(folder, 'model.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as ModelManifest;
  edit(manifest);
  await writeFile(file, JSON.stringify(manifest));
}

/** Writes a file of the package and its size and hash into model.json, as an exporter would. */
export async function replaceFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await writeFile(path.join(folder, name), bytes);
  await editManifest(folder, (manifest) => {
    const entry = {
      path: name,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    };
    const index = manifest.files.findIndex((file) => file.path === name);
    if (index === -1) manifest.files.push(entry);
    else manifest.files[index] = entry;
  });
}

/** Puts `value` in the place of a bias of the denoiser. */
export async function spoilDenoiser(folder: string, value: number): Promise<void> {
  const bytes = await readFile(path.join(folder, 'denoiser.onnx'));
  const bias = Buffer.alloc(4);
  bias.writeFloatLE(0.31830987); // as make_tiny_model.py has it
  const at = bytes.indexOf(bias);
  if (at === -1) throw new Error('The tiny denoiser has no such bias.');
  bytes.writeFloatLE(value, at);
  await replaceFile(folder, 'denoiser.onnx', bytes);
}
