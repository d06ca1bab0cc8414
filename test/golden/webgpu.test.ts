/** WebGPU for real, on a software Vulkan driver: right, and slow enough that the CPU is always the faster one. */
import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { EngineOptions } from '../../src/engine/index.js';
import { temporaryFolder } from '../unit/engine-host/tiny-package.js';
import {
  keptFile,
  keptFiles,
  readKept,
  shortRequest,
  startEngine,
  useDrivers,
  type LoggedEngine,
} from '../unit/engine/device-support.js';
import { buildHost, type Bundle } from '../unit/engine/host-bundle.js';
import { hasSoftwareVulkan, noVulkan, softwareVulkan } from '../unit/engine/software-vulkan.js';

describe.skipIf(!hasSoftwareVulkan)('webgpu', { timeout: 300_000 }, () => {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await buildHost();
  });
  afterAll(() => bundle.remove());
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  const start = (options: Partial<EngineOptions>): Promise<LoggedEngine> => startEngine(bundle, options);

  /** Processes that this one has started from a program. */
  async function childrenOf(parent: number, program: string): Promise<number[]> {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args=']);
    return stdout
      .split('\n')
      .filter((line) => line.includes(program))
      .map((line) => line.trim().split(/\s+/).map(Number))
      .flatMap(([pid, by]) => (by === parent ? [pid!] : []));
  }

  /** Where the one start that all tests share has kept what it found. */
  let earlier: Promise<string> | undefined;
  async function startEarlier(): Promise<string> {
    const cacheDirectory = path.join(path.dirname(bundle.hostPath), 'cache');
    const { model } = await start({ device: 'auto', cacheDirectory });
    expect(model.device).toBe('cpu');
    expect(model.deviceNote).toBeUndefined();
    return cacheDirectory;
  }
  /** A copy of the cache after a start in which WebGPU was tried. */
  async function cacheOfEarlierStart(): Promise<string> {
    useDrivers(softwareVulkan);
    const folder = await temporaryFolder();
    await cp(await (earlier ??= startEarlier()), folder, { recursive: true });
    return folder;
  }

  test('is used when it is asked for, and computes what the CPU does', async () => {
    const cacheDirectory = await cacheOfEarlierStart();
    const gpu = await start({ device: 'webgpu', threads: 1, cacheDirectory });
    expect(gpu.model).toMatchObject({ device: 'webgpu', threads: 1 });
    expect(gpu.model.deviceNote).toBeUndefined();
    const cpu = await start({ device: 'cpu', threads: 1 });
    const [ours, theirs] = [await gpu.refine(shortRequest), await cpu.refine(shortRequest)];
    expect(ours).toMatchObject({ device: 'webgpu', warnings: [] });
    expect(ours.spans).toEqual(theirs.spans);
  });

  test('auto takes whatever was faster', async () => {
    const cacheDirectory = await cacheOfEarlierStart();
    expect((await start({ cacheDirectory })).model.device).toBe('cpu');
    const file = await keptFile(cacheDirectory, 'webgpu');
    const kept = await readKept(file);
    const verdict = { ...(kept.verdict as { usable: true }), milliseconds: 0 };
    expect(verdict.usable).toBe(true);
    await writeFile(file, JSON.stringify({ ...kept, verdict }));
    expect((await start({ cacheDirectory })).model.device).toBe('webgpu');
  });

  test('a GPU that fails after all is left for the CPU, and by auto not used at later starts', async () => {
    const cacheDirectory = await cacheOfEarlierStart();
    const right = await keptFile(cacheDirectory, 'webgpu');
    // The driver is gone; a verdict that fits the machine without it stands for a GPU that gets lost.
    useDrivers(noVulkan);
    await start({ device: 'webgpu', cacheDirectory });
    const [file] = (await keptFiles(cacheDirectory, 'webgpu')).filter((found) => found !== right);
    const { machine, verdict } = await readKept(file!);
    expect(verdict).toMatchObject({ usable: false, problem: 'unavailable' });
    await writeFile(file!, JSON.stringify({ ...(await readKept(right)), machine }));

    const { model } = await start({ device: 'webgpu', cacheDirectory });
    const note = 'The GPU failed with webgpu; the CPU is used.';
    expect(model).toMatchObject({ device: 'cpu', deviceNote: note });
    expect((await readKept(file!)).verdict).toMatchObject({ usable: false, problem: 'failed' });
    const next = await start({ cacheDirectory });
    expect(next.model.device).toBe('cpu');
    await expect.poll(() => next.log.join('\n')).toMatch(/^webgpu: failed: /m);
  });

  test('a GPU that took the process along is used again only by who names it at a later start', async () => {
    const cacheDirectory = await cacheOfEarlierStart();
    const file = await keptFile(cacheDirectory, 'webgpu');
    const first = await start({ device: 'webgpu', cacheDirectory });
    expect(first.model.device).toBe('webgpu');
    const children = await childrenOf(process.pid, bundle.hostPath);
    const error = await first
      .refine(shortRequest, {
        onFrame: ({ pass }) => {
          if (pass === 1) for (const pid of children) process.kill(pid, 'SIGSEGV');
        },
      })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'engine-died' });
    expect(await first.refine(shortRequest)).toMatchObject({ interrupted: false, device: 'cpu' });
    expect(first.model.deviceNote).toBe('The GPU failed with webgpu; the CPU is used.');
    const { verdict } = await readKept(file);
    expect(verdict).toMatchObject({ usable: false, problem: 'failed' });
    await first.dispose();

    expect((await start({ device: 'webgpu', cacheDirectory })).model.device).toBe('webgpu');
    expect((await readKept(file)).verdict).toEqual(verdict);
  });

  test('the report of all devices takes what is kept, or looks afresh', async () => {
    const cacheDirectory = await cacheOfEarlierStart();
    const file = await keptFile(cacheDirectory, 'webgpu');
    const hung = { usable: false, problem: 'hung', detail: 'once' };
    await writeFile(file, JSON.stringify({ ...(await readKept(file)), verdict: hung }));
    const engine = await start({ cacheDirectory });
    expect(engine.model.device).toBe('cpu');
    expect(engine.model.deviceNote).toBeUndefined();
    const known = await engine.devices({ afresh: false });
    expect(known.gpus.find(({ provider }) => provider === 'webgpu')!.verdict).toEqual(hung);

    const { auto, threads, speeds, gpus } = await engine.devices({ afresh: true });
    expect(auto).toBe('cpu');
    expect(threads).toBe(engine.model.threads);
    expect(speeds[0]).toMatchObject({ threads: 1 });
    const { verdict } = gpus.find(({ provider }) => provider === 'webgpu')!;
    expect(verdict).toMatchObject({ usable: true, maxAbsoluteError: expect.closeTo(0, 2) as number });
    expect((await readKept(file)).verdict).toEqual(verdict);
  });

  test('agrees with the CPU in every pass of a run of the embedded model', async () => {
    // The loader of Vulkan is looked for when a process starts, so this is no work for this one.
    const program = path.join(path.dirname(bundle.hostPath), 'webgpu-passes.cjs');
    await build({
      entryPoints: [path.join(import.meta.dirname, 'webgpu-passes.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['onnxruntime-node', 'sharp'],
      outfile: program,
    });
    const model = path.resolve(import.meta.dirname, '../../models/oneflow-mini');
    const { stdout } = await promisify(execFile)(process.execPath, [program, model], {
      env: { ...process.env, ...softwareVulkan },
    });
    const { device, differences } = JSON.parse(stdout) as { device: string; differences: number[] };
    expect(device).toBe('webgpu');
    expect(differences.length).toBeGreaterThanOrEqual(4);
    for (const difference of differences) expect(difference).toBeLessThan(1e-2);
  });
});
