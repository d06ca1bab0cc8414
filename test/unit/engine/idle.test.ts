import { expect, test } from 'vitest';
import type { EngineState } from '../../../src/engine/index.js';
import { longRequest, request, setUpEngine } from './support.js';

const { start, processes } = setUpEngine();

test('a process that nobody needs is unloaded after a while, and started again for the next run', async () => {
  const states: EngineState[] = [];
  const engine = await start({ idleTimeout: 50, onState: (state) => states.push(state) });
  await expect.poll(processes).toEqual([]);
  const result = await engine.refine(request);
  expect(result.interrupted).toBe(false);
  await expect.poll(processes).toEqual([]);
  expect(states).toEqual([
    ...['starting', 'loading', 'idle', 'stopped'],
    ...['starting', 'loading', 'idle', 'busy', 'idle', 'stopped'],
  ]);
});

test('unloading is no death: it may happen any number of times', async () => {
  const states: EngineState[] = [];
  const engine = await start({ idleTimeout: 1, onState: (state) => states.push(state) });
  for (let times = 0; times < 4; times += 1) {
    await expect.poll(() => states.at(-1)).toBe('stopped');
    expect((await engine.refine(request)).interrupted).toBe(false);
  }
});

test('a run, and one in the queue, keep the process', async () => {
  const states: EngineState[] = [];
  const engine = await start({ idleTimeout: 20, onState: (state) => states.push(state) });
  const stop = new AbortController();
  const first = engine.refine(longRequest, {
    signal: stop.signal,
    onFrame: ({ pass }) => {
      if (pass === 60) stop.abort();
    },
  });
  const second = engine.refine(request);
  expect((await first).interrupted).toBe(true);
  expect((await second).interrupted).toBe(false);
  const once = (state: EngineState): number => states.filter((entered) => entered === state).length;
  // It may have been unloaded before the runs were asked for, never between them.
  expect(states.slice(states.indexOf('busy'))).not.toContain('starting');
  expect(once('busy')).toBe(1);
});

test('without a time for it the process stays', async () => {
  const states: EngineState[] = [];
  await start({ onState: (state) => states.push(state) });
  await new Promise((resume) => setTimeout(resume, 200));
  expect(states.at(-1)).toBe('idle');
});
