import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTrials, type Trials } from '../../../../src/engine-host/device/trials.js';
import { temporaryFolder, tinyModel } from '../tiny-package.js';

const threads = 1;
const right = { usable: true, maxAbsoluteError: 0, milliseconds: 1, cpuMilliseconds: 2 } as const;
const speeds = [{ threads: 1, milliseconds: 5 }];

/** Trials in which a program takes the place of the engine's bundle, and what they said they were trying. */
async function trialsWith(cacheDirectory: string): Promise<{
  readonly trials: Trials;
  readonly tried: string[];
  /** What the probe does from now on when it is asked. */
  readonly answer: (program: string) => Promise<void>;
}> {
  const hostPath = path.join(await temporaryFolder(), 'host.cjs');
  const tried: string[] = [];
  const trials = await openTrials({
    host: { path: hostPath, memoryLimit: 1e9 },
    modelDirectory: tinyModel,
    cacheDirectory,
    onTrying: (device) => tried.push(device),
  });
  const answer = (program: string): Promise<void> =>
    writeFile(hostPath, `process.on('message', () => { ${program} }); process.send({ type: 'ready' });`);
  return { trials, tried, answer };
}

const send = (message: unknown): string => `process.send(${JSON.stringify(message)});`;
const crash = "process.kill(process.pid, 'SIGSEGV');";

test('the CPU is tried once, also when the process crashes that tries it, until it is asked for once more', async () => {
  const folder = await temporaryFolder();
  const { trials, tried, answer } = await trialsWith(folder);
  await answer(crash);
  const crashed = { problem: 'crashed', detail: 'the process ended (SIGSEGV) after: starting' };
  expect(await trials.cpu()).toEqual({ verdict: crashed, kept: true, isNews: true });
  const later = await trialsWith(folder);
  expect(await later.trials.cpu()).toEqual({ verdict: crashed, kept: true, isNews: false });
  expect([...tried, ...later.tried]).toEqual(['cpu']);

  await later.answer(send({ type: 'cpu', speeds }));
  expect(await later.trials.cpuOnceMore()).toEqual({ verdict: { speeds }, kept: true, isNews: true });
  expect(await later.trials.cpuOnceMore()).toEqual({ verdict: { speeds }, kept: true, isNews: false });
  expect(later.tried).toEqual(['cpu']);
});

test('of two that measure at once, the later one takes what the earlier one has kept', async () => {
  const folder = await temporaryFolder();
  const [first, second] = [await trialsWith(folder), await trialsWith(folder)];
  await first.answer(send({ type: 'cpu', speeds }));
  const other = [{ threads: 1, milliseconds: 9 }];
  await second.answer(`
    const isKept = () => require('node:fs').readdirSync(${JSON.stringify(folder)}).some((name) => name.endsWith('-cpu.json'));
    setInterval(() => { if (isKept()) ${send({ type: 'cpu', speeds: other })} }, 10);`);
  const later = second.trials.cpu();
  await first.trials.cpu();
  expect(await later).toEqual({ verdict: { speeds }, kept: true, isNews: false });
});

test('nothing is found out about a machine with a package that is bad', async () => {
  const { trials, tried, answer } = await trialsWith(await temporaryFolder());
  await answer(send({ type: 'failed', message: 'model.json is missing' }));
  expect(await trials.cpu()).toBeUndefined();
  expect(await trials.cpu()).toBeUndefined();
  expect(await trials.gpu('webgpu', threads)).toMatchObject({ verdict: { usable: false }, kept: false });
  expect(tried).toEqual(['cpu', 'cpu', 'webgpu']);
});

test('a GPU is tried once, and once more for the one who names it, as long as it cannot be used', async () => {
  const { trials, tried, answer } = await trialsWith(await temporaryFolder());
  await answer(crash);
  const first = await trials.gpu('webgpu', threads);
  expect(first).toMatchObject({ verdict: { problem: 'crashed' }, kept: true, isNews: true });
  expect(await trials.gpu('webgpu', threads)).toEqual({ ...first, isNews: false });
  expect(tried).toEqual(['webgpu']);

  await answer(send({ type: 'gpu', verdict: right }));
  expect(await trials.gpuOnceMore('webgpu', threads)).toEqual({ verdict: right, kept: true, isNews: true });
  expect(await trials.gpuOnceMore('webgpu', threads)).toEqual({ verdict: right, kept: true, isNews: false });
  expect(tried).toEqual(['webgpu', 'webgpu']);
});

test('that a GPU failed in earnest stays on record when it passes its trial again', async () => {
  const { trials, answer } = await trialsWith(await temporaryFolder());
  await answer(send({ type: 'gpu', verdict: right }));
  await trials.gpu('webgpu', threads);
  await trials.noteFailure({ device: 'webgpu', detail: 'it was lost' });
  const failed = { usable: false, problem: 'failed', detail: 'it was lost' };
  expect(await trials.gpuOnceMore('webgpu', threads)).toEqual({ verdict: right, kept: false, isNews: true });
  expect(await trials.gpu('webgpu', threads)).toEqual({ verdict: failed, kept: true, isNews: false });

  expect((await trials.gpuAfresh('webgpu', threads)).verdict).toEqual(right);
  expect((await trials.gpu('webgpu', threads)).verdict).toEqual(right);
});
