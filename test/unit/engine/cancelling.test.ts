import { expect, test } from 'vitest';
import type { EngineState } from '../../../src/engine/index.js';
import type { Frame } from '../../../src/protocol/engine-messages.js';
import { longRequest, request, setUpEngine } from './support.js';

const { start, onlyProcess } = setUpEngine();

const nothing = { interrupted: true, forwardPasses: 0, spans: [], pictures: [] };

test('a run ends within a pass or two and keeps the last estimate, however often it is cancelled', async () => {
  const engine = await start();
  const [stop, listener] = [new AbortController(), new AbortController()];
  let seen: Frame | undefined;
  const result = await engine.refine(longRequest, {
    signal: AbortSignal.any([stop.signal, listener.signal]),
    onFrame: (frame) => {
      seen = frame;
      if (frame.pass === 5) stop.abort();
      if (frame.pass === 6) listener.abort();
    },
  });
  expect(result.interrupted).toBe(true);
  expect(result.forwardPasses).toBeGreaterThanOrEqual(5);
  expect(result.forwardPasses).toBeLessThan(100);
  expect(seen!.pass).toBe(result.forwardPasses);
  expect(result.spans.map(({ text }) => text)).toEqual(seen!.spans.map(({ text }) => text));
  expect(result.pictures).toHaveLength(1);
});

test('a run that was cancelled before it was asked for leaves nothing', async () => {
  const engine = await start();
  expect(await engine.refine(request, { signal: AbortSignal.abort() })).toMatchObject(nothing);
});

test('a run in the queue ends at once, and those before and behind it go on', async () => {
  const engine = await start();
  const [stopFirst, stopSecond] = [new AbortController(), new AbortController()];
  const ended: string[] = [];
  const first = engine.refine(longRequest, { signal: stopFirst.signal }).finally(() => ended.push('first'));
  const second = engine.refine(request, { signal: stopSecond.signal }).finally(() => ended.push('second'));
  const third = engine.refine(request).finally(() => ended.push('third'));
  stopSecond.abort();
  expect(await second).toMatchObject(nothing);
  expect(ended).toEqual(['second']);
  stopFirst.abort();
  expect((await first).interrupted).toBe(true);
  expect((await third).interrupted).toBe(false);
  expect(ended).toEqual(['second', 'first', 'third']);
});

test.each<EngineState>(['starting', 'loading'])(
  'a run ends at once while the process is %s, and the next one has use of that process',
  async (state) => {
    const states: EngineState[] = [];
    let onState: (state: EngineState) => void = () => undefined;
    const engine = await start({
      onState: (reached) => {
        states.push(reached);
        onState(reached);
      },
    });
    process.kill(await onlyProcess(), 'SIGKILL');
    await expect.poll(() => states.at(-1)).toBe('stopped');

    states.length = 0;
    const stop = new AbortController();
    onState = (reached) => {
      if (reached === state) stop.abort();
    };
    expect(await engine.refine(request, { signal: stop.signal })).toMatchObject(nothing);
    expect(states.at(-1)).toBe(state);
    expect((await engine.refine(request)).interrupted).toBe(false);
    expect(states).toEqual(['starting', 'loading', 'idle', 'busy', 'idle']);
  },
);

test('a run whose last pass is done is complete, whether its pictures are decoded already or not', async () => {
  const engine = await start();
  let passes = 0;
  const whole = await engine.refine(request, { onFrame: () => (passes += 1) });
  const stop = new AbortController();
  const cancelled = await engine.refine(request, {
    signal: stop.signal,
    onFrame: ({ pass }) => {
      if (pass === passes) stop.abort();
    },
  });
  expect({ ...cancelled, seconds: whole.seconds }).toEqual(whole);
});

test('a cancel that comes after the run does not touch the next one', async () => {
  const engine = await start();
  const stop = new AbortController();
  const first = await engine.refine(request, { signal: stop.signal });
  const second = engine.refine(request);
  stop.abort();
  expect((await second).spans).toEqual(first.spans);
});
