/** Records a run of the embedded model for the scripted engine: `npm run record-run`. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument, toSegments } from '../../src/core/document/index.js';
import { Engine } from '../../src/engine/index.js';
import { recordingToJson } from '../../src/engine/recording.js';
import type { Frame } from '../../src/protocol/engine-messages.js';

const document = path.resolve('examples/tomato-soup.md');
const target = path.resolve('test/fixtures/engine/recordings/tomato-soup.json');

void main();

async function main(): Promise<void> {
  const parsed = parseDocument(readFileSync(document, 'utf8'));
  if (!parsed.ok) throw new Error(parsed.error.message);
  const { segments } = toSegments(parsed.document, { include: () => true, resolvePicture: () => undefined });
  const engine = await Engine.start({
    hostPath: path.resolve('dist/engine-host.cjs'),
    modelDirectory: path.resolve('models/oneflow-mini'),
    device: 'cpu',
    log: console.error,
  });
  try {
    const frames: Frame[] = [];
    const result = await engine.refine(
      // The smallest pictures that the model offers: the recording lies in the repository.
      {
        segments: segments.map((segment) =>
          segment.kind === 'picture' ? { ...segment, size: 128 } : segment,
        ),
        seed: 7,
        steps: 4,
      },
      { onFrame: (frame) => frames.push(frame) },
    );
    writeFileSync(target, `${recordingToJson({ model: engine.model, frames, result })}\n`);
  } finally {
    await engine.dispose();
  }
}
