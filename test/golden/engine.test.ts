/** The embedded model through the real engine process: what every export of it must hold to. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Engine } from '../../src/engine/index.js';
import type { RefineRequest } from '../../src/protocol/engine-messages.js';
import { modelManifestSchema } from '../../src/protocol/model-package.js';
import { buildHost, type Bundle } from '../unit/engine/host-bundle.js';

const modelDirectory = path.resolve(import.meta.dirname, '../../models/oneflow-mini');

let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildHost();
});
afterAll(() => bundle.remove());

async function start(): Promise<Engine> {
  const engine = await Engine.start({
    hostPath: bundle.hostPath,
    modelDirectory,
    device: 'cpu',
    threads: 1,
    log: () => undefined,
  });
  onTestFinished(() => engine.dispose());
  return engine;
}

const recipe: RefineRequest = {
  seed: 7,
  segments: [
    { kind: 'text', text: '# Tomato soup\n\n![a red tomato](' },
    { kind: 'picture', id: 'm1', alt: 'a red tomato', masked: true, strength: 1 },
    { kind: 'text', text: ')\n\nChop the onion and' },
    { kind: 'span', id: 'm2', form: 'inline', text: '', strength: 1 },
    { kind: 'text', text: '.\n\n' },
    { kind: 'span', id: 'm3', form: 'block', text: '', strength: 1, length: 12 },
    { kind: 'text', text: '\n\n![a bowl of soup](' },
    { kind: 'picture', id: 'm4', alt: 'a bowl of soup', masked: true, strength: 1 },
    { kind: 'text', text: ')\n' },
  ],
};

test('computes what was recorded when it was exported', async () => {
  const { graphs, files } = await (await start()).verify();
  for (const { maxAbsoluteError, tolerance } of graphs)
    expect(maxAbsoluteError).toBeLessThanOrEqual(tolerance);
  expect(files.length).toBeGreaterThanOrEqual(5);
});

test('fills every mask of a document, in 30 passes at most, with pictures of 256 × 256', async () => {
  const result = await (await start()).refine(recipe);
  expect(result).toMatchObject({ interrupted: false, warnings: [] });
  expect(result.forwardPasses).toBeGreaterThan(0);
  expect(result.forwardPasses).toBeLessThanOrEqual(30);
  expect(result.spans.map(({ id }) => id)).toEqual(['m2', 'm3']);
  for (const { text } of result.spans) expect(text.trim()).not.toBe('');
  expect(result.spans[1]!.tokens).toBe(12);
  expect(result.pictures.map(({ id }) => id)).toEqual(['m1', 'm4']);
  for (const { png } of result.pictures) {
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 256, height: 256 });
  }
});

test('gives the same bytes in two processes', async () => {
  const run = async () => {
    const engine = await start();
    const { spans, pictures } = await engine.refine({ ...recipe, steps: 4 });
    await engine.dispose();
    return { spans, pictures };
  };
  expect(await run()).toEqual(await run());
});

test('needs no more than 30 passes by default, and says what it was made of', async () => {
  const manifest = modelManifestSchema.parse(
    JSON.parse(await readFile(path.join(modelDirectory, 'model.json'), 'utf8')),
  );
  expect(manifest.defaults.steps + manifest.defaults.cleanUpPasses).toBeLessThanOrEqual(30);
  expect(Object.keys(manifest.provenance)).not.toEqual([]);
  expect(manifest.image.styles.length).toBeGreaterThan(0);
});
