/** Records a run of the embedded model on each example, as the page of the preview is told of it. */
import { readFileSync, writeFileSync } from 'node:fs';
import sharp from 'sharp';
import { holesOf } from '../../src/core/document/holes.js';
import { parseDocument } from '../../src/core/document/index.js';
import { beginRun, emptyReview, endRun } from '../../src/core/review/index.js';
import { anchorsOf, proposalsOf } from '../../src/core/review/plan.js';
import { planRun } from '../../src/core/run-plan.js';
import { previewFrame, previewHunk } from '../../src/editor/preview/preview-data.js';
import { Engine } from '../../src/engine/index.js';
import type { PreviewDocument, PreviewFrame } from '../../src/protocol/preview-messages.js';
import { writeRecording } from './recording.js';

const seed = 11;
const strength = 0.6;

/** Small enough for a fixture; a browser goes by the bytes, not by what the field is called. */
async function small(png: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await sharp(png).webp({ quality: 82 }).toBuffer());
}

async function record(engine: Engine, name: string): Promise<void> {
  const text = readFileSync(`examples/${name}.md`, 'utf8');
  const parsed = parseDocument(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const plan = planRun(
    text,
    { kind: 'document' },
    { strength, imageSize: undefined, resolvePicture: () => undefined },
  );
  if (!plan.ok) throw new Error(plan.error.message);
  const frames: PreviewFrame[] = [];
  const began = performance.now();
  const result = await engine.refine(
    { segments: [...plan.plan.segments], seed, decodeEvery: 8 },
    {
      onFrame: (frame) => {
        frames.push(previewFrame({ seconds: (performance.now() - began) / 1000, frame }));
      },
    },
  );
  for (const { pictures } of frames) {
    for (const picture of pictures) if (picture.png) picture.png = await small(picture.png);
  }
  const { model } = engine;
  const reviewPlan = { document: parsed.document, include: () => true };
  const provenance = {
    model: { name: model.name, version: model.version, sha256: model.sha256 },
    device: result.device,
    seed,
    strength,
    steps: result.steps,
  };
  const begun = beginRun(emptyReview(text), 'r1', anchorsOf(reviewPlan), provenance, text);
  const { hunks } = endRun(begun, 'r1', proposalsOf(reviewPlan, result));
  const idle: PreviewDocument = {
    type: 'document',
    key: `file:///examples/${name}.md`,
    title: `${name}.md`,
    version: 1,
    text,
    holes: holesOf(parsed.document),
    hunks: [],
    pictures: [],
    hunkPictures: [],
    problems: [],
  };
  const pictures = await Promise.all(
    result.pictures.map(async ({ id, png }) => ({ id, source: { png: await small(png) } })),
  );
  const recording = writeRecording({
    idle,
    run: {
      id: 'r1',
      purpose: 'document',
      mode: 'concurrent',
      text,
      inserted: [],
      holes: idle.holes,
      passes: result.steps,
      steps: result.steps,
      seed,
      strength,
      model: { name: model.name, version: model.version },
      device: model.device,
    },
    frames,
    end: {
      type: 'run-ended',
      runId: 'r1',
      outcome: 'finished',
      forwardPasses: result.forwardPasses,
      seconds: result.seconds.refine,
      device: result.device,
      spans: result.spans.map(({ id, text: written }) => ({ id, text: written })),
      pictures,
    },
    review: {
      ...idle,
      hunks: hunks.flatMap((hunk) => previewHunk(hunk, text, [hunk]) ?? []),
      hunkPictures: pictures.map(({ id, source }) => ({ id: `r1:${id}`, source })),
    },
  });
  writeFileSync(`test/fixtures/preview/${name}.json`, recording);
  console.log(`${name}: ${frames.length} frames, ${Math.round(recording.length / 1024)} KiB`);
}

async function main(): Promise<void> {
  const engine = await Engine.start({
    hostPath: 'dist/engine-host.cjs',
    modelDirectory: 'models/oneflow-mini',
    device: 'cpu',
    log: () => undefined,
  });
  try {
    for (const name of ['tomato-soup', 'the-little-boat', 'pot-a-plant']) await record(engine, name);
  } finally {
    await engine.dispose();
  }
}

void main();
