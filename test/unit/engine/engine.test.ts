import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Frame, FromEngine } from '../../../src/protocol/engine-messages.js';
import { temporaryFolder } from '../engine-host/tiny-package.js';
import { tinyModel } from './host-bundle.js';
import { failure, longRequest, request, setUpEngine } from './support.js';

const { hostPath: builtHost, start, processes } = setUpEngine();

describe('a run', () => {
  test('gives frames and a result, the same in every process', async () => {
    const runs = [];
    for (const device of ['auto', 'cpu'] as const) {
      const engine = await start({ device, threads: 1 });
      const frames: Frame[] = [];
      const result = await engine.refine(request, { onFrame: (frame) => frames.push(frame) });
      runs.push({ frames, spans: result.spans, pictures: result.pictures });
      expect(result.interrupted).toBe(false);
      expect(result.forwardPasses).toBe(frames.length);
      await engine.dispose();
    }
    expect(runs[0]!.spans[0]!.text.trim()).not.toBe('');
    expect(runs[0]!.pictures[0]).toMatchObject({ id: 'm2', width: 32, height: 32 });
    expect(runs[1]).toEqual(runs[0]);
  });

  test('can be followed by another, and by a verification', async () => {
    const engine = await start();
    expect(engine.model).toMatchObject({ name: 'tiny-model', device: 'cpu' });
    const first = await engine.refine(request);
    const { graphs } = await engine.verify();
    const second = await engine.refine(request);
    expect(graphs.map(({ name }) => name)).toEqual(['denoiser', 'encoder', 'decoder']);
    expect(second.pictures).toEqual(first.pictures);
  });

  test('that the document does not allow fails and leaves the engine usable', async () => {
    const engine = await start();
    const segments = request.segments.map((segment) =>
      segment.kind === 'picture' ? { ...segment, style: 'oil' } : segment,
    );
    const error = await failure(engine.refine({ ...request, segments }));
    expect(error.code).toBe('bad-document');
    expect(error.message).toBe('The model has no style "oil"; it has flat, line.');
    expect((await engine.refine(request)).interrupted).toBe(false);
  });

  test('lets others wait for their turn, in the order of asking', async () => {
    const engine = await start();
    const order: string[] = [];
    const ask = async (name: string) => {
      const result = await engine.refine(request, { onFrame: () => order.push(name) });
      return { spans: result.spans, pictures: result.pictures };
    };
    const [first, second, , third] = await Promise.all([ask('1'), ask('2'), engine.verify(), ask('3')]);
    expect(order).toEqual([...order].sort());
    expect(new Set(order).size).toBe(3);
    expect(second).toEqual(first);
    expect(third).toEqual(first);
  });
});

describe('disposing', () => {
  test('ends the process, a run included', async () => {
    const engine = await start();
    let disposing: Promise<void> | undefined;
    const run = failure(
      engine.refine(longRequest, {
        onFrame: () => {
          disposing ??= engine.dispose();
        },
      }),
    );
    const queued = failure(engine.refine(request));
    expect((await run).message).toBe('The engine was stopped during the run.');
    expect((await queued).message).toBe('The engine was stopped.');
    await disposing;
    expect(await processes()).toEqual([]);
    await engine.dispose();
    expect((await failure(engine.refine(request))).message).toBe('The engine was stopped.');
  });

  test('kills a process that does not go by itself', async () => {
    const folder = await temporaryFolder();
    const hostPath = path.join(folder, 'stubborn.cjs');
    await writeFile(
      hostPath,
      `process.on('disconnect', () => undefined);
       setInterval(() => undefined, 1000);
       process.send({ type: 'failed', error: { code: 'bad-model', message: 'No.' } });`,
    );
    const started = performance.now();
    expect((await failure(start({ hostPath }))).message).toBe('No.');
    expect(performance.now() - started).toBeGreaterThan(1900);
  });

  test('happens by itself when the model is bad', async () => {
    const error = await failure(start({ modelDirectory: await temporaryFolder() }));
    expect(error.code).toBe('bad-model');
    expect(error.message).toMatch(/^The model package .* cannot be used: model\.json is missing\.$/);
    expect(await processes()).toEqual([]);
  });

  test('happens by itself when the start is aborted', async () => {
    const stop = new AbortController();
    const starting = failure(start({ signal: stop.signal }));
    stop.abort();
    expect((await starting).message).toBe('The engine was stopped while the model was loading.');
    expect(await processes()).toEqual([]);
  });
});

test('a process that answers nonsense is stopped', async () => {
  const hostPath = path.join(await temporaryFolder(), 'nonsense.cjs');
  await writeFile(
    hostPath,
    "process.send({ type: 'loaded', model: 'yes' }); setInterval(() => undefined, 1000);",
  );
  const lines: string[] = [];
  const error = await failure(start({ hostPath, log: (line) => lines.push(line) }));
  expect(error.message).toBe(
    'The engine process ended unexpectedly (signal SIGKILL) while the model was loading; try again.',
  );
  expect(lines).toEqual([
    'The engine process sent a message that this version does not understand; it is stopped.',
  ]);
});

test('lines that the process writes to stderr go to the log', async () => {
  const hostPath = path.join(await temporaryFolder(), 'noisy.cjs');
  await writeFile(hostPath, "console.log('lost'); console.error('one\\ntwo'); process.exitCode = 4;");
  const lines: string[] = [];
  await failure(start({ hostPath, log: (line) => lines.push(line) }));
  await expect.poll(() => lines).toEqual(['one', 'two']);
});

test('the process inherits no more of the environment than it needs', async () => {
  const hostPath = path.join(await temporaryFolder(), 'environment.cjs');
  await writeFile(hostPath, 'console.error(Object.keys(process.env).join()); process.exitCode = 4;');
  process.env['SOME_TOKEN'] = 'secret';
  process.env['NODE_OPTIONS'] = '--no-warnings';
  const lines: string[] = [];
  await failure(start({ hostPath, log: (line) => lines.push(line) }));
  delete process.env['SOME_TOKEN'];
  delete process.env['NODE_OPTIONS'];
  await expect.poll(() => lines.join()).toContain('PATH');
  expect(lines.join()).not.toMatch(/SOME_TOKEN|NODE_OPTIONS|HOME/);
});

describe('the process by itself', () => {
  function forkHost(): ChildProcess & { answer: () => Promise<FromEngine> } {
    const child = fork(builtHost(), [String(2 ** 30)], {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
      execArgv: [],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const answers: FromEngine[] = [];
    child.on('message', (message) => {
      const answer = message as FromEngine;
      if (answer.type !== 'loading') answers.push(answer); // on the way to one
    });
    const answer = async (): Promise<FromEngine> => {
      while (answers.length === 0) await once(child, 'message');
      return answers.shift()!;
    };
    return Object.assign(child, { answer });
  }

  test('refuses messages that it does not understand and goes on', async () => {
    const host = forkHost();
    expect(await host.answer()).toEqual({ type: 'ready' });
    const error = {
      code: 'run-failed',
      message: 'The engine process was sent a message that it does not understand.',
    };
    for (const message of [
      'text',
      { type: 'explode' },
      { type: 'load' },
      { type: 'load', modelDirectory: 1 },
    ]) {
      host.send(message);
      expect(await host.answer()).toEqual({ type: 'failed', error });
    }
    host.send({ type: 'refine', runId: 3, request: { segments: [], seed: NaN } });
    expect(await host.answer()).toEqual({ type: 'failed', runId: 3, error });
    host.send({ type: 'load', modelDirectory: tinyModel, device: 'cpu' });
    expect(await host.answer()).toMatchObject({ type: 'loaded' });
  });

  test('says so when it is asked out of turn', async () => {
    const host = forkHost();
    await host.answer();
    host.send({ type: 'verify', runId: 1 });
    expect(await host.answer()).toMatchObject({
      runId: 1,
      error: { message: 'The engine has no model loaded yet.' },
    });
    host.send({ type: 'load', modelDirectory: tinyModel, device: 'cpu' });
    host.send({ type: 'refine', runId: 2, request });
    expect(await host.answer()).toMatchObject({ type: 'failed', runId: 2 });
    expect(await host.answer()).toMatchObject({ type: 'loaded' });
    host.send({ type: 'load', modelDirectory: tinyModel, device: 'cpu' });
    expect(await host.answer()).toMatchObject({
      error: { message: 'The engine has loaded a model already.' },
    });
  });

  test('lives through Ctrl-C and termination signals, and writes nothing to stdout', async () => {
    const host = forkHost();
    let written = '';
    host.stdout!.on('data', (text: Buffer) => (written += text.toString()));
    await host.answer();
    host.send({ type: 'load', modelDirectory: tinyModel, device: 'cpu' });
    host.kill('SIGINT');
    host.kill('SIGTERM');
    expect(await host.answer()).toMatchObject({ type: 'loaded' });
    host.send({ type: 'refine', runId: 1, request });
    let message = await host.answer();
    while (message.type === 'frame') message = await host.answer();
    expect(message.type).toBe('refined');
    expect(written).toBe('');
  });

  test('goes cleanly when its parent lets go of it, also during a run', async () => {
    const host = forkHost();
    await host.answer();
    host.send({ type: 'load', modelDirectory: tinyModel, device: 'cpu' });
    await host.answer();
    host.send({ type: 'refine', runId: 1, request: longRequest });
    await host.answer();
    host.disconnect();
    expect(await once(host, 'exit')).toEqual([0, null]);
  });

  test('says what it is when it is started by hand', async () => {
    const child = spawn(process.execPath, [builtHost()]);
    let written = '';
    child.stderr.on('data', (text: Buffer) => (written += text.toString()));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(written).toContain('it is started by the editor or the command line.');
  });
});
