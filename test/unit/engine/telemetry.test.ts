import { readdir } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../engine-host/tiny-package.js';
import { request, setUpEngine } from './support.js';

const { start } = setUpEngine();

// There it keeps a log in the folder for temporary files; on Windows it speaks to the system alone.
test.skipIf(process.platform === 'win32')('ONNX Runtime sets up no telemetry in the engine', async () => {
  const folder = await temporaryFolder();
  vi.stubEnv('TMPDIR', folder);
  try {
    const engine = await start();
    await engine.refine(request);
    expect(await readdir(folder)).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
  }
});
