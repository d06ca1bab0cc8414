import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DocumentWorker } from '../../../src/editor/documents/document-worker.js';

let extensionPath: string;

beforeAll(async () => {
  extensionPath = await mkdtemp(path.join(tmpdir(), 'oneflow-document-worker-'));
  const outdir = path.join(extensionPath, 'dist');
  await promisify(execFile)(process.execPath, ['scripts/build.mjs', '--outdir', outdir, 'document-worker']);
});

afterAll(async () => {
  await rm(extensionPath, { recursive: true });
});

const stray = 'a <!--/mask-->\n';
const english = 'This closer has no opener: write `<!--mask-->` where the mask begins, or remove it.';

test.each([
  ['in the language of the editor', { [english]: 'Hier endet, was nicht begonnen hat.' }],
  ['in English without a translation', undefined],
])('the document thread answers %s', async (_, translations) => {
  const errors: string[] = [];
  const worker = new DocumentWorker(
    extensionPath,
    { error: (message) => errors.push(String(message)) },
    translations,
  );
  try {
    const { problems } = await worker.call('analyse', stray);
    expect(problems.map(({ message }) => message)).toEqual([translations?.[english] ?? english]);
    expect(errors).toEqual([]);
  } finally {
    worker.dispose();
  }
});
