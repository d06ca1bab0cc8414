import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Engine, EngineError, type EngineOptions } from '../../../src/engine/index.js';
import type { Frame, FromEngine, RefineRequest } from '../../../src/protocol/engine-messages.js';
import { buildHost, tinyModel, type Bundle } from './host-bundle.js';

let bundle: Bundle;
beforeAll(async () => {
  bundle = await buildHost();
});
afterAll(() => bundle.remove());

const request: RefineRequest = {
  seed: 7,
  segments: [
    { kind: 'text', text: '# Soup\n\nSimmer' },
    { kind: 'span', id: 'm1', form: 'inline', text: '', strength: 1 },
    { kind: 'text', text: '.\n\n![a red tomato](' },
    { kind: 'picture', id: 'm2', alt: 'a red tomato', masked: true, strength: 1 },
    { kind: 'text', text: ')\n' },
  ],
};
/** Long enough to do something to it meanwhile. */
const longRequest: RefineRequest = { ...request, steps: 1000 };

async function start(options: Partial<EngineOptions> = {}): Promise<Engine> {
  const engine = await Engine.start({
    hostPath: bundle.hostPath,
    modelDirectory: tinyModel,
    device: 'auto',
    log: () => undefined,
    ...options,
  });
  onTestFinished(() => engine.dispose());
  return engine;
}

/** Processes that run this test's engine bundle. */
async function hostProcesses(): Promise<number[]> {
  const ps = spawn('ps', ['-A', '-o', 'pid=,args=']);
  let output = '';
  ps.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(ps, 'close');
  return output
    .split('\n')
    .filter((line) => line.includes(bundle.hostPath))
    .map((line) => parseInt(line, 10));
}

async function onlyHost(): Promise<number> {
  const [pid, ...others] = await hostProcesses();
  expect(others).toEqual([]);
  return pid!;
}

/** Waits until no process runs this test's bundle, for two seconds at most. */
async function noHostLeft(): Promise<boolean> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    if ((await hostProcesses()).length === 0) return true;
    await setTimeout(50);
  }
  return false;
}

const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => {
      throw new Error('did not fail');
    },
    (error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      expect(error.message).not.toContain('\n');
      return error;
    },
  );

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

  test('refuses a second one meanwhile', async () => {
    const engine = await start();
    const stop = new AbortController();
    const first = engine.refine(longRequest, { signal: stop.signal });
    const error = await failure(engine.refine(request));
    expect([error.code, error.message]).toEqual([
      'run-failed',
      'The engine is busy with another run; wait for it or stop it.',
    ]);
    stop.abort();
    expect((await first).interrupted).toBe(true);
  });
});

describe('cancelling', () => {
  test('ends the run within a pass or two and keeps the last estimate', async () => {
    const engine = await start();
    const stop = new AbortController();
    let seen: Frame | undefined;
    const result = await engine.refine(longRequest, {
      signal: stop.signal,
      onFrame: (frame) => {
        seen = frame;
        if (frame.pass === 5) stop.abort();
      },
    });
    expect(result.interrupted).toBe(true);
    expect(result.forwardPasses).toBeGreaterThanOrEqual(5);
    expect(result.forwardPasses).toBeLessThan(100);
    expect(seen!.pass).toBe(result.forwardPasses);
    expect(result.spans.map(({ text }) => text)).toEqual(seen!.spans.map(({ text }) => text));
    expect(result.pictures).toHaveLength(1);
  });

  test('before the first pass leaves nothing', async () => {
    const engine = await start();
    const result = await engine.refine(request, { signal: AbortSignal.abort() });
    expect(result).toMatchObject({ interrupted: true, forwardPasses: 0, spans: [], pictures: [] });
  });

  test('after the run does not touch the next one', async () => {
    const engine = await start();
    const stop = new AbortController();
    await engine.refine(request, { signal: stop.signal });
    stop.abort();
    expect((await engine.refine(request)).interrupted).toBe(false);
  });
});

describe('when the process ends', () => {
  test('during a run, the run fails with one sentence and no process is left', async () => {
    const engine = await start();
    const run = failure(
      engine.refine(longRequest, {
        onFrame: ({ pass }) => {
          if (pass === 3) void onlyHost().then((pid) => process.kill(pid, 'SIGKILL'));
        },
      }),
    );
    const error = await run;
    expect([error.code, error.message]).toEqual([
      'engine-died',
      'The engine process ended unexpectedly (signal SIGKILL) during the run.',
    ]);
    expect(await noHostLeft()).toBe(true);
  });

  test('between runs, the next run fails', async () => {
    const engine = await start();
    process.kill(await onlyHost(), 'SIGKILL');
    expect(await noHostLeft()).toBe(true);
    // The end is seen a moment after the process is gone.
    await setTimeout(50);
    const error = await failure(engine.refine(request));
    expect(error.message).toBe('The engine process ended unexpectedly (signal SIGKILL).');
  });

  test('while loading, the start fails', async () => {
    const folder = await temporaryFolder();
    const hostPath = path.join(folder, 'host.cjs');
    await writeFile(
      hostPath,
      "process.send({ type: 'ready' }); process.once('message', () => process.exit(3));",
    );
    const error = await failure(start({ hostPath }));
    expect([error.code, error.message]).toEqual([
      'engine-died',
      'The engine process ended unexpectedly (exit code 3) while the model was loading.',
    ]);
  });

  test('because there is no such program, the start fails', async () => {
    const error = await failure(start({ hostPath: path.join(await temporaryFolder(), 'none.cjs') }));
    expect(error.code).toBe('engine-died');
    expect(error.message).toMatch(/^The engine process ended unexpectedly \(exit code 1\) while/);
  });
});

describe('disposing', () => {
  test('ends the process, a run included', async () => {
    const engine = await start();
    const run = failure(engine.refine(longRequest));
    await engine.dispose();
    expect((await run).message).toBe('The engine was stopped during the run.');
    expect(await hostProcesses()).toEqual([]);
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
    expect(await hostProcesses()).toEqual([]);
  });

  test('happens by itself when the start is aborted', async () => {
    const stop = new AbortController();
    const starting = failure(start({ signal: stop.signal }));
    stop.abort();
    expect((await starting).message).toBe('The engine was stopped while the model was loading.');
    expect(await hostProcesses()).toEqual([]);
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
    'The engine process ended unexpectedly (signal SIGKILL) while the model was loading.',
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
    const child = fork(bundle.hostPath, {
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: [],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const answers: FromEngine[] = [];
    child.on('message', (message) => answers.push(message as FromEngine));
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
    const child = spawn(process.execPath, [bundle.hostPath]);
    let written = '';
    child.stderr.on('data', (text: Buffer) => (written += text.toString()));
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(written).toContain('it is started by the editor or the command line.');
  });
});

test('the process goes when its parent is killed during a run', async () => {
  const folder = path.dirname(bundle.hostPath);
  const parentPath = path.join(folder, 'parent.mjs');
  await build({
    stdin: {
      resolveDir: import.meta.dirname,
      contents: `
        import { Engine } from '../../../src/engine/index.js';
        const engine = await Engine.start({
          hostPath: ${JSON.stringify(bundle.hostPath)},
          modelDirectory: ${JSON.stringify(tinyModel)},
          device: 'cpu',
          log: () => undefined,
        });
        await engine.refine(${JSON.stringify(longRequest)}, {
          onFrame: ({ pass }) => { if (pass === 3) console.log('running'); },
        });`,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: parentPath,
  });
  const parent = spawn(process.execPath, [parentPath], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  expect(await hostProcesses()).toHaveLength(1);
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  expect(await noHostLeft()).toBe(true);
});

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'oneflow-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}
