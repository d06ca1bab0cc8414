import { ChildProcess } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { EngineState } from '../../../src/engine/index.js';
import { failure, longRequest, request, setUpEngine } from './support.js';

const { start, hostAfter, onlyProcess, noProcessLeft } = setUpEngine();

// The heartbeat alone is the test's: the process and its messages are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
});
const seconds = (count: number): void => void vi.advanceTimersByTime(1000 * count);

test('a process that stands still during a run is killed after 30 seconds, and the next run gets a fresh one', async () => {
  const engine = await start();
  const pid = await onlyProcess();
  const error = await failure(
    engine.refine(longRequest, {
      onFrame: ({ pass }) => {
        if (pass !== 3) return;
        process.kill(pid, 'SIGSTOP');
        seconds(30);
      },
    }),
  );
  expect([error.code, error.canRetry, error.message]).toEqual([
    'engine-died',
    true,
    'The engine process did not answer for 30 seconds during the run and was stopped; try again.',
  ]);
  expect(await noProcessLeft()).toBe(true);
  expect((await engine.refine(request)).interrupted).toBe(false);
});

test('a process that stands still between runs is replaced', async () => {
  const states: EngineState[] = [];
  const engine = await start({ onState: (state) => states.push(state) });
  process.kill(await onlyProcess(), 'SIGSTOP');
  seconds(10);
  await expect.poll(() => states.at(-1)).toBe('stopped');
  expect((await engine.refine(request)).interrupted).toBe(false);
});

test('a process that nothing can end, as a driver may hold it, is left to itself', async () => {
  const log: string[] = [];
  const engine = await start({ log: (line) => log.push(line) });
  const pid = await onlyProcess();
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  onTestFinished(() => {
    kill.mockRestore();
    process.kill(pid, 'SIGKILL');
  });
  const error = await failure(
    engine.refine(longRequest, {
      onFrame: ({ pass }) => {
        if (pass !== 3) return;
        process.kill(pid, 'SIGSTOP');
        seconds(30);
      },
    }),
  );
  expect(error.message).toMatch(/^The engine process did not answer for 30 seconds during the run/);
  expect(log).toEqual(['The engine process cannot be ended; a driver may hold it. It is left to itself.']);
  expect(await onlyProcess()).toBe(pid);
  kill.mockRestore();
  expect((await engine.refine(request)).interrupted).toBe(false);
});

test('a process that is stuck in its load is killed after two minutes', async () => {
  const hostPath = await hostAfter("process.once('message', () => { for (;;); });");
  let isLoading = false;
  const starting = failure(start({ hostPath, onState: (state) => (isLoading ||= state === 'loading') }));
  await expect.poll(() => isLoading).toBe(true);
  seconds(120);
  expect((await starting).message).toBe(
    'The engine process did not answer for 120 seconds while the model was loading and was stopped; try again.',
  );
  expect(await noProcessLeft()).toBe(true);
});

test('a first pass that takes nearly two minutes is no hang', async () => {
  const engine = await start();
  const pid = await onlyProcess();
  process.kill(pid, 'SIGSTOP');
  const run = engine.refine(request);
  await setTimeout(10); // the run has begun
  seconds(119);
  process.kill(pid, 'SIGCONT');
  expect((await run).interrupted).toBe(false);
});

test('a process that answers its pings lives as long as it likes', async () => {
  const engine = await start();
  const pid = await onlyProcess();
  for (let second = 0; second < 30; second += 1) {
    seconds(1);
    await setTimeout(20); // for the answer
  }
  expect((await engine.refine(request)).interrupted).toBe(false);
  expect(await onlyProcess()).toBe(pid);
});
