import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EngineOptions } from '../../../src/engine/index.js';
import { temporaryFolder } from '../engine-host/tiny-package.js';
import {
  keptFile,
  readKept,
  shortRequest,
  startEngine,
  useDrivers,
  type LoggedEngine,
} from './device-support.js';
import { buildHost, type Bundle } from './host-bundle.js';
import { noVulkan } from './software-vulkan.js';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildHost();
});
afterAll(() => bundle.remove());
afterEach(() => {
  vi.unstubAllEnvs();
});

const start = (options: Partial<EngineOptions>): Promise<LoggedEngine> => startEngine(bundle, options);

describe('without any driver', () => {
  test('a GPU that is asked for is left for the CPU with one sentence, the details in the log', async () => {
    useDrivers(noVulkan);
    const engine = await start({ device: 'webgpu' });
    expect(engine.model).toMatchObject({
      device: 'cpu',
      deviceNote: 'There is no GPU that webgpu can use here; the CPU is used.',
    });
    await expect.poll(() => engine.log.join('\n')).toContain('Failed to get a WebGPU adapter');
    const result = await engine.refine(shortRequest);
    expect(result).toMatchObject({ interrupted: false, device: 'cpu', warnings: [] });
  });

  test('auto is the CPU, which is said when it is found out; the second start need not try again', async () => {
    useDrivers(noVulkan);
    const cacheDirectory = path.join(await temporaryFolder(), 'not', 'there', 'yet');
    const first = await start({ cacheDirectory });
    expect(first.model).toMatchObject({
      device: 'cpu',
      deviceNote: 'There is no GPU that can be used here; the CPU is used.',
    });
    const file = await keptFile(cacheDirectory, 'webgpu');
    const written = (await stat(file)).mtimeMs;
    const second = await start({ cacheDirectory });
    expect(second.model.device).toBe('cpu');
    expect(second.model.deviceNote).toBeUndefined();
    await expect.poll(() => second.log.join('\n')).toMatch(/^webgpu: unavailable: .*WebGPU adapter/m);
    expect((await stat(file)).mtimeMs).toBe(written);
  });
});

describe('the number of threads', () => {
  test('is measured once and then stays', async () => {
    const cacheDirectory = await temporaryFolder();
    const { threads } = (await start({ device: 'cpu', cacheDirectory })).model;
    const file = await keptFile(cacheDirectory, 'cpu');
    // Whatever came out: turned round it would give another number.
    const kept = await readKept(file);
    const { speeds } = kept.verdict as { speeds: { threads: number; milliseconds: number }[] };
    expect(speeds.map((speed) => speed.threads)).toContain(threads);
    const slowOne = speeds.map((speed) => ({ ...speed, milliseconds: 100 / speed.threads }));
    await writeFile(file, JSON.stringify({ ...kept, verdict: { speeds: slowOne } }));
    const again = await start({ device: 'cpu', cacheDirectory });
    expect(again.model.threads).toBe(slowOne.at(-1)!.threads);
  });

  test('is measured again when what was kept is damaged', async () => {
    const cacheDirectory = await temporaryFolder();
    await start({ device: 'cpu', cacheDirectory });
    const file = await keptFile(cacheDirectory, 'cpu');
    await writeFile(file, '{"format":"oneflow-ver');
    expect((await start({ device: 'cpu', cacheDirectory })).model.threads).toBeGreaterThan(0);
    expect(await readKept(file)).toMatchObject({ format: 'oneflow-verdict/1', device: 'cpu' });
  });

  test('follows from the cores where nothing can be kept, which the log tells', async () => {
    const file = path.join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const unkept = await start({ device: 'cpu', cacheDirectory: file });
    const without = await start({ device: 'cpu' });
    expect(unkept.model.threads).toBe(without.model.threads);
    await expect.poll(() => unkept.log.join('\n')).toContain('Nothing that is measured can be kept in');
  });

  test('that the owner sets is used', async () => {
    expect((await start({ device: 'cpu', threads: 3 })).model.threads).toBe(3);
  });
});
