import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { defaultMemoryLimit } from '../../../src/engine/memory-limit.js';
import type { RefineRequest } from '../../../src/protocol/engine-messages.js';
import { failure, request, setUpEngine } from './support.js';

const { start, hostAfter, onlyProcess, noProcessLeft } = setUpEngine();

const megabyte = 1024 ** 2;

/** So many masks, far from each other, that every pass works on a window for each of them. */
const manyWindows: RefineRequest = {
  seed: 7,
  segments: Array.from({ length: 800 }, (_, index) => [
    { kind: 'text' as const, text: `Number ${index}. ${'And so it goes on. '.repeat(20)}` },
    { kind: 'span' as const, id: `m${index}`, form: 'inline' as const, text: '', strength: 1 },
  ]).flat(),
};

test('a run that needs more than the limit ends in one sentence, and the next one gets a fresh process', async () => {
  const engine = await start({ memoryLimit: 300 * megabyte });
  const error = await failure(engine.refine(manyWindows));
  expect([error.code, error.canRetry, error.message]).toEqual([
    'out-of-memory',
    false,
    'The engine reached the limit of its memory during the run and was stopped; mask less at once.',
  ]);
  expect(await noProcessLeft()).toBe(true);
  expect((await engine.refine(request)).interrupted).toBe(false);
});

test('a model that needs more than the limit is not loaded', async () => {
  // The tiny model is loaded in no time: on a busy machine before the guard, a thread, has looked at all.
  const hostPath = await hostAfter(`
    const { emit } = process;
    process.emit = (name, ...args) => {
      if (name === 'message' && args[0].type === 'load') setTimeout(() => emit.call(process, name, ...args), 10_000);
      else return emit.call(process, name, ...args);
    };
  `);
  const error = await failure(start({ memoryLimit: 20 * megabyte, hostPath }));
  expect(error.code).toBe('out-of-memory');
  expect(error.message).toMatch(/^The engine reached .* and was stopped; choose a smaller model\.$/);
  expect(await noProcessLeft()).toBe(true);
});

test('a system that runs out of memory ends the run in one sentence', async () => {
  // The guard finds that out by what the system says it has left; here it is made to find it.
  const hostPath = await hostAfter(`
    process.on('message', ({ type }) => {
      if (type !== 'refine') return;
      const line = JSON.stringify({ type: 'out-of-memory', scope: 'system' });
      require('node:fs').writeSync(4, line + '\\n');
      process.kill(process.pid, 'SIGKILL');
    });`);
  const engine = await start({ hostPath });
  const error = await failure(engine.refine(request));
  expect([error.code, error.message]).toEqual([
    'out-of-memory',
    'The system was running out of memory during the run, so the engine was stopped; close other programs or mask less at once.',
  ]);
});

// Resident memory is read from /proc.
test.skipIf(process.platform !== 'linux')('runs one after the other need no more than one', async () => {
  const engine = await start();
  const pid = await onlyProcess();
  const resident = async (): Promise<number> =>
    Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, 'utf8'))![1]) / 1024;
  for (let run = 0; run < 10; run += 1) await engine.refine(request);
  const before = await resident();
  for (let run = 0; run < 30; run += 1) await engine.refine(request);
  expect((await resident()) - before).toBeLessThan(30);
});

describe('without a limit of its own the engine may hold', () => {
  test.each([
    ['six tenths of the machine', 10, undefined, 6],
    ['six tenths of its container', 10, 5, 3],
    ['six tenths of the machine where the container sets none', 10, 2 ** 64, 6],
    ['six tenths of the machine where the system knows no containers', 10, 0, 6],
  ])('%s', (_, total, constrained, limit) => {
    expect(defaultMemoryLimit(total, constrained)).toBe(limit);
  });
});
