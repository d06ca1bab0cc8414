import { describe, expect, test } from 'vitest';
import { chooseDevice, reportDevices } from '../../../../src/engine-host/device/choose.js';
import type { Trials } from '../../../../src/engine-host/device/trials.js';
import { defaultThreads } from '../../../../src/engine-host/threads.js';
import type { CpuVerdict, GpuProvider, GpuVerdict } from '../../../../src/protocol/devices.js';

const faster: GpuVerdict = { usable: true, maxAbsoluteError: 1e-5, milliseconds: 5, cpuMilliseconds: 20 };
const slower: GpuVerdict = { ...faster, milliseconds: 25 };
const unusable = (problem: (GpuVerdict & { usable: false })['problem']): GpuVerdict => ({
  usable: false,
  problem,
  detail: 'details',
});
const none = unusable('unavailable');

interface Known {
  readonly kept?: boolean;
  readonly areKept?: boolean;
  /** Whether it is found out at this start. */
  readonly isNews?: boolean;
  readonly cpu?: CpuVerdict;
}

const measured: CpuVerdict = {
  speeds: [
    { threads: 1, milliseconds: 20 },
    { threads: 2, milliseconds: 11 },
  ],
};

/** What was found out on a machine, as the cache or a probe tells it. */
function known(
  gpus: Partial<Record<GpuProvider, GpuVerdict>>,
  { kept = true, areKept = true, isNews = true, cpu = measured }: Known = {},
): Trials & { readonly tried: string[] } {
  const tried: string[] = [];
  const gpu = (how: string) => async (provider: GpuProvider) => {
    tried.push(how + provider);
    return { verdict: gpus[provider] ?? none, kept, isNews };
  };
  return {
    tried,
    areKept,
    cpu: async () => ({ verdict: cpu, kept, isNews }),
    cpuOnceMore: async () => ({ verdict: measured, kept, isNews: true }),
    gpu: gpu(''),
    gpuOnceMore: gpu('once more '),
    gpuAfresh: gpu('afresh '),
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
    expect(await chooseDevice({ device: 'auto' }, known(gpus), platform)).toMatchObject({
      device,
      threads: 2,
    });
  });

  test('is the CPU without a word where the CPU is the faster one', async () => {
    expect(await chooseDevice({ device: 'auto' }, known({ webgpu: slower }), 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
      details: [
        'cuda: unavailable: details',
        'webgpu: right, but no faster than the CPU (25.0 ms against 20.0 ms)',
      ],
    });
  });

  test.each<[GpuVerdict, string]>([
    [none, 'There is no GPU that can be used here; the CPU is used.'],
    [unusable('wrong'), 'The GPU computes wrong numbers with webgpu; the CPU is used.'],
    [unusable('crashed'), "The GPU's driver crashed when webgpu was tried; the CPU is used."],
    [unusable('hung'), 'The GPU did not answer when webgpu was tried; the CPU is used.'],
    [unusable('failed'), 'The GPU failed with webgpu; the CPU is used.'],
  ])(
    'says why it is the CPU when that is found out, and later in the log alone: %j',
    async (verdict, note) => {
      const later = {
        device: 'cpu',
        threads: 2,
        details: ['cuda: unavailable: details', `webgpu: ${verdict.usable ? '' : verdict.problem}: details`],
      };
      const choose = (isNews: boolean) =>
        chooseDevice({ device: 'auto' }, known({ webgpu: verdict }, { isNews }), 'linux');
      expect(await choose(true)).toEqual({ ...later, note });
      expect(await choose(false)).toEqual(later);
    },
  );

  test('leaves out a GPU that failed in this engine, and says so', async () => {
    const failedGpus = [{ device: 'cuda', detail: 'it died' }] as const;
    const wish = { device: 'auto', failedGpus } as const;
    expect(await chooseDevice(wish, known({ cuda: faster, webgpu: faster }), 'linux')).toMatchObject({
      device: 'webgpu',
    });
    const onCpu = { device: 'cpu', note: 'The GPU failed with cuda; the CPU is used.' };
    expect(await chooseDevice(wish, known({ cuda: faster }, { isNews: false }), 'linux')).toMatchObject(
      onCpu,
    );
    const unkept = known({ cuda: faster, webgpu: faster }, { areKept: false });
    expect(await chooseDevice(wish, unkept, 'linux')).toMatchObject({
      ...onCpu,
      details: ['cuda: failed: it died'],
    });
    expect(unkept.tried).toEqual([]);
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
    expect(choice).toMatchObject({ device: 'cpu', threads: defaultThreads() });
    expect(choice).not.toHaveProperty('note');
  });
});

describe('a device asked for by name', () => {
  test('is taken when it is right, also when it is slower', async () => {
    const choice = await chooseDevice({ device: 'webgpu' }, known({ webgpu: slower, cuda: faster }), 'linux');
    expect(choice).toEqual({ device: 'webgpu', threads: 2, details: [] });
  });

  test('is tried again whatever was found out before, and each time the reason is told', async () => {
    const trials = known({ webgpu: unusable('hung') }, { isNews: false });
    expect(await chooseDevice({ device: 'webgpu' }, trials, 'linux')).toMatchObject({
      device: 'cpu',
      note: 'The GPU did not answer when webgpu was tried; the CPU is used.',
    });
    expect(trials.tried).toEqual(['once more webgpu']);
  });

  test('that failed in this engine is not tried', async () => {
    const trials = known({ webgpu: faster });
    const failedGpus = [{ device: 'webgpu', detail: 'it died' }] as const;
    expect(await chooseDevice({ device: 'webgpu', failedGpus }, trials, 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
      note: 'The GPU failed with webgpu; the CPU is used.',
      details: ['webgpu: failed: it died'],
    });
    expect(trials.tried).toEqual([]);
  });

  test('is left for the CPU when it cannot be used, with the reason', async () => {
    expect(await chooseDevice({ device: 'cuda' }, known({ webgpu: faster }), 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
      note: 'There is no GPU that cuda can use here; the CPU is used.',
      details: ['cuda: unavailable: details'],
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
    expect(await chooseDevice({ device: 'cpu' }, trials, 'linux')).toEqual({
      device: 'cpu',
      threads: 2,
      details: [],
    });
    expect(trials.tried).toEqual([]);
  });
});

test('no GPU is tried with a package that the CPU could not be tried with', async () => {
  const trials = { ...known({ webgpu: faster }), cpu: async () => undefined };
  const cpu = { device: 'cpu', threads: defaultThreads(), details: [] };
  expect(await chooseDevice({ device: 'auto' }, trials, 'linux')).toEqual(cpu);
  expect(await chooseDevice({ device: 'webgpu' }, trials, 'linux')).toEqual(cpu);
  expect(trials.tried).toEqual([]);
});

describe('where the process that tried the CPU crashed', () => {
  const trials = () => known({ webgpu: faster }, { cpu: { problem: 'crashed', detail: 'SIGILL' } });
  const choice = {
    device: 'cpu',
    threads: defaultThreads(),
    details: ['The numbers of threads could not be measured: the process that tried it crashed (SIGILL).'],
  };

  test('auto is the CPU, and the log says why', async () => {
    const known = trials();
    expect(await chooseDevice({ device: 'auto' }, known, 'linux')).toEqual(choice);
    expect(known.tried).toEqual([]);
  });

  test('a GPU that was asked for is not blamed for it', async () => {
    const note = 'webgpu was not tried, since trying the CPU failed; the CPU is used.';
    expect(await chooseDevice({ device: 'webgpu' }, trials(), 'linux')).toEqual({ ...choice, note });
  });

  test('the report says so, and a fresh one tries it once more', async () => {
    const cpuProblem = 'the process that tried it crashed (SIGILL)';
    const threads = defaultThreads();
    expect(await reportDevices(trials(), false, 'linux')).toMatchObject({ threads, speeds: [], cpuProblem });
    const afresh = await reportDevices(trials(), true, 'linux');
    expect(afresh).toMatchObject({ threads: 2, ...measured });
    expect(afresh).not.toHaveProperty('cpuProblem');
  });
});

test('a number of threads that was asked for is taken', async () => {
  expect(await chooseDevice({ device: 'cpu', threads: 7 }, known({}))).toMatchObject({ threads: 7 });
});

test('the report names what auto takes, and every GPU of the system', async () => {
  const trials = known({ cuda: none, webgpu: faster });
  const report = await reportDevices(trials, true, 'linux');
  expect(report).toMatchObject({
    auto: 'webgpu',
    threads: 2,
    gpus: [
      { provider: 'cuda', verdict: none },
      { provider: 'webgpu', verdict: faster },
    ],
  });
  expect(report.speeds.map(({ threads }) => threads)).toEqual([1, 2]);
  expect(await reportDevices(trials, false, 'linux')).toEqual(report);
  expect(trials.tried).toEqual(['afresh cuda', 'afresh webgpu', 'cuda', 'webgpu']);
});
