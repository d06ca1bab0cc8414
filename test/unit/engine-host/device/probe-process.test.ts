import { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { probe, type ProbeEnd } from '../../../../src/engine-host/device/probe-process.js';
import { temporaryFolder } from '../tiny-package.js';

const request = { modelDirectory: '/nowhere', provider: 'webgpu', threads: [1] } as const;

/** Probes with a program in place of the engine's bundle, one that behaves as a driver made it. */
async function probeWith(program: string, step = 60_000, end = 5000): Promise<ProbeEnd> {
  const hostPath = path.join(await temporaryFolder(), 'host.cjs');
  await writeFile(hostPath, program);
  return probe({ path: hostPath, memoryLimit: 1e9 }, { ...request, threads: [1] }, { step, end });
}

const answer = `
  const verdict = { usable: true, maxAbsoluteError: 0, milliseconds: 1, cpuMilliseconds: 2 };
  process.on('message', () => process.send({ type: 'gpu', verdict }));
  process.send({ type: 'ready' });`;

/** Milliseconds in which a process is sure to start and answer: a multiple of what that takes at the moment. */
let enough = 0;
beforeEach(async () => {
  const started = performance.now();
  await probeWith(answer);
  enough = Math.ceil(5 * (performance.now() - started));
});

test('the answer counts, and the process is not left running', async () => {
  const end = await probeWith(`setInterval(() => undefined, 1000); ${answer}`);
  expect(end).toEqual({
    kind: 'gpu',
    verdict: { usable: true, maxAbsoluteError: 0, milliseconds: 1, cpuMilliseconds: 2 },
  });
});

test.each<[name: string, program: string, detail: string]>([
  [
    'a crash',
    `process.send({ type: 'ready' });
     process.on('message', () => process.send({ type: 'step', done: 'loading the denoiser' }, () => process.kill(process.pid, 'SIGSEGV')));`,
    'the process ended (SIGSEGV) after: loading the denoiser',
  ],
  [
    'an end without an answer',
    "process.on('message', () => process.exit(7)); process.send({ type: 'ready' });",
    'the process ended (exit code 7) after: starting',
  ],
  [
    'nonsense',
    "process.send({ type: 'gpu', verdict: 'fine' }); setInterval(() => undefined, 1000);",
    'it sent a message that this version does not understand',
  ],
])('%s is a crash', async (_, program, detail) => {
  expect(await probeWith(program)).toEqual({ kind: 'crashed', detail });
});

test('a process that blocks is a hang and is killed', async () => {
  const started = performance.now();
  const end = await probeWith(
    `process.send({ type: 'ready' });
     process.on('message', () => process.send({ type: 'step', done: 'loading the encoder' }, () => { for (;;); }));`,
    enough,
  );
  const detail = `no sign of life for ${enough / 1000} s after: loading the encoder`;
  expect(end).toEqual({ kind: 'hung', detail });
  expect(performance.now() - started).toBeGreaterThan(enough);
});

test('a process that nothing can end is not waited for', async () => {
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  onTestFinished(() => {
    const children = [...kill.mock.contexts] as ChildProcess[];
    kill.mockRestore();
    for (const child of children) child.kill('SIGKILL');
  });
  const end = await probeWith(
    `process.send({ type: 'ready' });
     process.on('message', () => { for (;;); });`,
    enough,
    100,
  );
  expect(end).toEqual({ kind: 'hung', detail: `no sign of life for ${enough / 1000} s after: starting` });
  expect((kill.mock.contexts[0] as ChildProcess).exitCode).toBeNull();
});

test('steps that are slow one by one are no hang', async () => {
  const end = await probeWith(
    `let steps = 0;
     setInterval(() => {
       if (++steps < 5) process.send({ type: 'step', done: 'compiling' });
       else process.send({ type: 'gpu', verdict: { usable: false, problem: 'wrong', detail: 'x' } });
     }, ${enough / 3});`,
    enough,
  );
  expect(end).toMatchObject({ kind: 'gpu', verdict: { problem: 'wrong' } });
});
