import { chmod, rename, rm, truncate } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Engine, EngineOptions, EngineState } from '../../../src/engine/index.js';
import type { RefineResult } from '../../../src/protocol/engine-messages.js';
import { copyOfTinyModel, temporaryFolder } from '../engine-host/tiny-package.js';
import { failure, longRequest, request, setUpEngine } from './support.js';

const { start, hostAfter, onlyProcess, processes, noProcessLeft } = setUpEngine();

/** What a run makes, without the times. */
const made = ({ spans, pictures }: RefineResult) => ({ spans, pictures });

/** A run that loses its process to `signal` after the third pass. */
function killedRun(engine: Engine, signal: NodeJS.Signals = 'SIGKILL') {
  return failure(
    engine.refine(longRequest, {
      onFrame: ({ pass }) => {
        if (pass === 3) void onlyProcess().then((pid) => process.kill(pid, signal));
      },
    }),
  );
}

/** An engine whose process was killed while nothing was asked of it. */
async function startAndKill(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const states: EngineState[] = [];
  const engine = await start({ ...options, onState: (state) => states.push(state) });
  process.kill(await onlyProcess(), 'SIGKILL');
  await expect.poll(() => states.at(-1)).toBe('stopped');
  return engine;
}

describe('a process that dies', () => {
  test.each<NodeJS.Signals>(['SIGKILL', 'SIGSEGV', 'SIGABRT'])(
    'of %s during a run fails that run in one sentence, and the next run gets a fresh one',
    async (signal) => {
      const engine = await start();
      const before = await engine.refine(request);
      const error = await killedRun(engine, signal);
      expect([error.code, error.canRetry, error.message]).toEqual([
        'engine-died',
        true,
        `The engine process ended unexpectedly (signal ${signal}) during the run; try again.`,
      ]);
      expect(await noProcessLeft()).toBe(true);
      expect(made(await engine.refine(request))).toEqual(made(before));
    },
  );

  test('during a run leaves the run in the queue its turn, on a fresh process', async () => {
    const engine = await start();
    const first = killedRun(engine);
    const second = engine.refine(request);
    expect((await first).code).toBe('engine-died');
    expect((await second).interrupted).toBe(false);
  });

  test('between runs is not noticed by the next one', async () => {
    const engine = await startAndKill();
    expect((await engine.refine(request)).interrupted).toBe(false);
  });

  test.each<[what: string, death: string, end: string]>([
    ['of a segmentation fault', "process.kill(process.pid, 'SIGSEGV')", 'signal SIGSEGV'],
    ['with an exit code', 'process.exit(3)', 'exit code 3'],
  ])('%s while it loads fails the start and leaves no process', async (_, death, end) => {
    const hostPath = await hostAfter(`process.once('message', () => ${death});`);
    const error = await failure(start({ hostPath }));
    expect([error.code, error.message]).toEqual([
      'engine-died',
      `The engine process ended unexpectedly (${end}) while the model was loading; try again.`,
    ]);
    expect(await processes()).toEqual([]);
  });

  test('because there is no such program fails the start', async () => {
    const error = await failure(start({ hostPath: path.join(await temporaryFolder(), 'none.cjs') }));
    expect(error.code).toBe('engine-died');
    expect(error.message).toMatch(/^The engine process ended unexpectedly \(exit code 1\) while/);
  });

  test('while it leaves is no failure', async () => {
    const hostPath = await hostAfter("process.on('exit', () => process.abort());");
    const engine = await start({ hostPath });
    expect((await engine.refine(request)).interrupted).toBe(false);
    await engine.dispose();
    expect(await processes()).toEqual([]);
  });

  test('more than three times in five minutes is not started again until they are over', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    const engine = await start();
    for (let death = 1; death <= 4; death += 1) expect((await killedRun(engine)).code).toBe('engine-died');
    for (const clock of ['2020-01-01', '2090-01-01']) {
      vi.setSystemTime(new Date(clock)); // a clock that is set forgives nothing
      const error = await failure(engine.refine(request));
      expect([error.code, error.canRetry, error.message]).toEqual([
        'engine-unavailable',
        false,
        'The engine process ended unexpectedly too often and is not started again for now; try again in 5 min.',
      ]);
    }
    expect(await processes()).toEqual([]);
    vi.advanceTimersByTime(5 * 60_000);
    expect((await engine.refine(request)).interrupted).toBe(false);
  });
});

describe('a model package', () => {
  test('that is deleted or cut short during a run does not touch that run', async () => {
    const modelDirectory = await copyOfTinyModel();
    const engine = await start({ modelDirectory, threads: 1 });
    const before = await engine.refine(request);
    const harmed = engine.refine(request, {
      onFrame: ({ pass }) => {
        if (pass === 1) void truncate(path.join(modelDirectory, 'denoiser.onnx'), 10);
        if (pass === 2) void rm(modelDirectory, { recursive: true });
      },
    });
    expect(made(await harmed)).toEqual(made(before));
  });

  test('that is gone when the process is started again fails the run, and serves again once it is back', async () => {
    const modelDirectory = await copyOfTinyModel();
    const engine = await startAndKill({ modelDirectory });
    await rename(modelDirectory, `${modelDirectory}-away`);
    const error = await failure(engine.refine(request));
    expect([error.code, error.message]).toEqual([
      'bad-model',
      `The model package ${modelDirectory} cannot be used: there is no such folder.`,
    ]);
    expect(await processes()).toEqual([]);
    await rename(`${modelDirectory}-away`, modelDirectory);
    expect((await engine.refine(request)).interrupted).toBe(false);
  });

  test('may be loaded by two engines at once', async () => {
    const engines = await Promise.all([start({ threads: 1 }), start({ threads: 1 })]);
    expect(await processes()).toHaveLength(2);
    const [first, second] = await Promise.all(engines.map((engine) => engine.refine(request)));
    expect(made(second!)).toEqual(made(first!));
  });
});

test('an engine with other options can be started while the old one is disposed in its run', async () => {
  const old = await start();
  const next = new Promise<Engine>((resolve) => {
    const run = old.refine(longRequest, {
      onFrame: ({ pass }) => {
        if (pass !== 3) return;
        void old.dispose();
        resolve(start({ device: 'cpu', threads: 2 }));
      },
    });
    run.catch(() => undefined); // that it was stopped
  });
  expect((await (await next).refine(request)).interrupted).toBe(false);
});

test('what native libraries print between frames does no harm', async () => {
  const lines: string[] = [];
  const hostPath = await hostAfter(`
    const { writeSync } = require('node:fs');
    for (const stream of [1, 2]) setInterval(() => writeSync(stream, '{"type":"frame"}\\n\\u0000\\u00ff noise'), 1);`);
  const engine = await start({ hostPath, log: (line) => lines.push(line) });
  expect((await engine.refine(request)).interrupted).toBe(false);
  expect(lines.join('\n')).toContain('noise');
});

test('a package with a file that may not be read is refused', async () => {
  const modelDirectory = await copyOfTinyModel();
  for (const folder of [path.dirname(modelDirectory), modelDirectory]) await chmod(folder, 0o755);
  await chmod(path.join(modelDirectory, 'denoiser.onnx'), 0o000);
  // To the superuser nothing is forbidden, so the engine is made somebody else.
  const hostPath = await hostAfter('if (process.getuid?.() === 0) process.setuid(65534);');
  const error = await failure(start({ hostPath, modelDirectory }));
  expect([error.code, error.message]).toEqual([
    'bad-model',
    `The model package ${modelDirectory} cannot be used: denoiser.onnx cannot be read: EACCES: permission denied, open '${modelDirectory}/denoiser.onnx'.`,
  ]);
});
