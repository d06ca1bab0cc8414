/**
 * What a model makes of marked documents, before it is made safe for an author's document: for the evaluation in
 * models/training, no part of the product.
 *
 *     node samples.cjs PACKAGE THREADS
 *
 * Reads a line of JSON per document from stdin, `{"markdown", "seed", "steps"?, "defaults"?}`, and answers each with a
 * line on stdout: `{"passes", "spans": [{"id", "text", "tokens"}], "pictures": [{"id", "size", "rgb"}]}`. `defaults`
 * stand in for those of model.json. The document's pictures are read where their paths are absolute. Texts are the
 * decoded tokens as they are; pictures are of the model's size, as base64 of red, green, blue. What fails ends the process.
 */
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod/mini';
import { parseDocument, toSegments } from '../core/document/index.js';
import type { FlowFrame } from '../core/flow/index.js';
import { modelManifestSchema } from '../protocol/model-package.js';
import { seedSchema } from '../protocol/segments.js';
import { loadEngineModel, type EngineModel } from './engine-model.js';
import { toRgb } from './pixels.js';
import { prepareRun } from './prepare.js';
import { runFlow } from './runner.js';

const requestSchema = z.object({
  markdown: z.string(),
  seed: seedSchema,
  steps: z.optional(z.int().check(z.gte(1))),
  defaults: z.optional(modelManifestSchema.shape.defaults),
});
type Request = z.infer<typeof requestSchema>;

async function sample(loaded: EngineModel, request: Request) {
  const { markdown, seed, steps, defaults = loaded.manifest.defaults } = request;
  const model = { ...loaded, manifest: { ...loaded.manifest, defaults } };
  const parsed = parseDocument(markdown);
  if (!parsed.ok) throw new Error(`${parsed.error.message}\n${markdown}`);
  const { segments } = toSegments(parsed.document, {
    include: () => true,
    resolvePicture: (destination) => (path.isAbsolute(destination) ? destination : undefined),
  });
  const { signal } = new AbortController();
  const prepared = await prepareRun(model, { segments, seed }, signal);
  let last: FlowFrame | undefined;
  for await (const frame of runFlow(model, prepared, 'concurrent', steps ?? defaults.steps, signal)) {
    last = frame;
  }
  const { image, tokenizer } = model.manifest;
  const pictures = [];
  for (const { id, latents } of last?.pictures ?? []) {
    const { rgb } = toRgb(await model.autoencoder.decode(latents), image.size);
    pictures.push({ id, size: image.size, rgb: Buffer.from(rgb).toString('base64') });
  }
  const spans = (last?.spans ?? []).map(({ id, tokens }) => {
    const kept = tokens.filter((token) => token >= tokenizer.firstTextToken);
    return { id, text: model.tokenizer.decode(kept), tokens: kept.length };
  });
  return { passes: last?.pass ?? 0, spans, pictures };
}

async function main([packageDirectory, threads]: readonly string[]): Promise<void> {
  if (packageDirectory === undefined || threads === undefined) {
    throw new Error('Usage: node samples.cjs PACKAGE THREADS');
  }
  const model = await loadEngineModel(packageDirectory, Number(threads));
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await sample(model, requestSchema.parse(JSON.parse(line)));
    process.stdout.write(`${JSON.stringify(answer)}\n`);
    // Lets the answer out before the next run blocks the event loop.
    await setTimeout();
  }
  await model.dispose();
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // The open stdin would keep the process alive, and its owner waiting.
  process.exit(1);
});
