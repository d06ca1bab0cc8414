import { describe, expect, test } from 'vitest';
import { chooseDevice, reportDevices } from '../../../../src/engine-host/device/choose.js';
import type { Trials } from '../../../../src/engine-host/device/trials.js';
import { defaultThreads } from '../../../../src/engine-host/threads.js';
import type { GpuProvider, GpuVerdict } from '../../../../src/protocol/devices.js';

const faster: GpuVerdict = { usable: true, maxAbsoluteError: 1e-5, milliseconds: 5, cpuMilliseconds: 20 };
const slower: GpuVerdict = { ...faster, milliseconds: 25 };
const unusable = (problem: (GpuVerdict & { usable: false })['problem']): GpuVerdict => ({
  usable: false,
  problem,
  detail: 'details',
});
const none = unusable('unavailable');

/** What was found out on a machine, as the cache or a probe tells it. */
function known(
  gpus: Partial<Record<GpuProvider, GpuVerdict>>,
  { kept = true, areKept = true } = {},
): Trials & { readonly tried: GpuProvider[] } {
  const tried: GpuProvider[] = [];
  const gpu = async (provider: GpuProvider) => {
    tried.push(provider);
    return { verdict: gpus[provider] ?? none, kept };
  };
  return {
    tried,
    areKept,
    cpu: async () => ({
      verdict: {
        speeds: [
          { threads: 1, milliseconds: 20 },
          { threads: 2, milliseconds: 11 },
        ],
      },
      kept,
    }),
    gpu,
    gpuAfresh: gpu,
    noteFailure: async () => undefined,
  };
}

describe('auto', () => {
  test.each<[NodeJS.Platform, Partial<Record<GpuProvider, GpuVerdict>>, string]>([
    ['linux', { cuda: faster, webgpu: faster }, 'cuda'],
    ['linux', { webgpu: faster }, 'webgpu'],
    ['linux', { cuda: slower, webgpu: faster }, 'webgpu'],
    ['linux', { cuda: unusable('wrong'), webgpu: faster }, 'webgpu'],
    ['win32', { dml: faster, webgpu: faster, cuda: faster }, 'dml'],
    ['darwin', { coreml: unusable('crashed'), webgpu: faster }, 'webgpu'],
  ])('takes the first GPU of %s that is right and faster: of %j %s', async (platform, gpus, device) => {
    expect(await chooseDevice({ device: 'auto' }, known(gpus), platform)).toEqual({ device, threads: 2 });
  });

  test('is the CPU without a word where the CPU is the faster one', async () => {
    expect(await chooseDevice({ device: 'auto' }, known({ webgpu: slower }), 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
    });
  });

  test.each<[GpuVerdict, string]>([
    [none, 'There is no GPU that can be used here; the CPU is used.'],
    [unusable('wrong'), 'The GPU computes wrong numbers with webgpu; the CPU is used.'],
    [unusable('crashed'), "The GPU's driver crashed when webgpu was tried; the CPU is used."],
    [unusable('hung'), 'The GPU did not answer when webgpu was tried; the CPU is used.'],
    [unusable('failed'), 'The GPU failed with webgpu; the CPU is used.'],
  ])('says why it is the CPU: %j', async (verdict, note) => {
    expect(await chooseDevice({ device: 'auto' }, known({ webgpu: verdict }), 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
      note,
      detail: verdict === none ? 'cuda: details\nwebgpu: details' : 'webgpu: details',
    });
  });

  test('is the CPU, untried, where nothing can be kept, so that it does not change from start to start', async () => {
    const trials = known({ webgpu: faster }, { areKept: false });
    expect((await chooseDevice({ device: 'auto' }, trials, 'linux')).device).toBe('cpu');
    expect(trials.tried).toEqual([]);
  });

  test('does not rest on a measurement that could not be kept', async () => {
    const choice = await chooseDevice(
      { device: 'auto' },
      known({ webgpu: faster }, { kept: false }),
      'linux',
    );
    expect(choice).toEqual({ device: 'cpu', threads: defaultThreads() });
  });
});

describe('a device asked for by name', () => {
  test('is taken when it is right, also when it is slower', async () => {
    const choice = await chooseDevice({ device: 'webgpu' }, known({ webgpu: slower, cuda: faster }), 'linux');
    expect(choice).toEqual({ device: 'webgpu', threads: 2 });
  });

  test('is left for the CPU when it cannot be used, with the reason', async () => {
    expect(await chooseDevice({ device: 'cuda' }, known({ webgpu: faster }), 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
      note: 'There is no GPU that cuda can use here; the CPU is used.',
      detail: 'cuda: details',
    });
  });

  test('is not even tried on a system that has none', async () => {
    const trials = known({ dml: faster });
    expect(await chooseDevice({ device: 'dml' }, trials, 'linux')).toMatchObject({
      device: 'cpu',
      note: 'There is no dml on this system (linux); the CPU is used.',
    });
    expect(trials.tried).toEqual([]);
  });

  test('cpu tries nothing', async () => {
    const trials = known({ webgpu: faster });
    expect(await chooseDevice({ device: 'cpu' }, trials, 'linux')).toEqual({ device: 'cpu', threads: 2 });
    expect(trials.tried).toEqual([]);
  });
});

test('no GPU is tried with a package that the CPU could not be tried with', async () => {
  const trials = { ...known({ webgpu: faster }), cpu: async () => undefined };
  const cpu = { device: 'cpu', threads: defaultThreads() };
  expect(await chooseDevice({ device: 'auto' }, trials, 'linux')).toEqual(cpu);
  expect(await chooseDevice({ device: 'webgpu' }, trials, 'linux')).toEqual(cpu);
  expect(trials.tried).toEqual([]);
});

test('a number of threads that was asked for is taken', async () => {
  expect(await chooseDevice({ device: 'cpu', threads: 7 }, known({}))).toMatchObject({ threads: 7 });
});

test('the report names what auto takes, and every GPU of the system', async () => {
  const report = await reportDevices(known({ cuda: none, webgpu: faster }), 'linux');
  expect(report).toMatchObject({
    auto: 'webgpu',
    threads: 2,
    gpus: [
      { provider: 'cuda', verdict: none },
      { provider: 'webgpu', verdict: faster },
    ],
  });
  expect(report.speeds.map(({ threads }) => threads)).toEqual([1, 2]);
});
