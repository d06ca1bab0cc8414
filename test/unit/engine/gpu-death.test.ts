/** A GPU whose driver takes the engine process along. The host is the real one; what it says of a GPU is made up. */
import { describe, expect, test } from 'vitest';
import type { EngineOptions, EngineState } from '../../../src/engine/index.js';
import { temporaryFolder } from '../engine-host/tiny-package.js';
import { keptFile, readKept } from './device-support.js';
import { failure, request, setUpEngine } from './support.js';

const { start, hostAfter, onlyProcess, noProcessLeft } = setUpEngine();

/** Probes find that WebGPU is right and fast. */
const goodProbe = `
  if (process.argv[3] === 'probe') {
    const answers = {
      cpu: { type: 'cpu', speeds: [{ threads: 1, milliseconds: 20 }] },
      webgpu: { type: 'gpu', verdict: { usable: true, maxAbsoluteError: 0, milliseconds: 1, cpuMilliseconds: 20 } },
    };
    const none = { type: 'gpu', verdict: { usable: false, problem: 'unavailable', detail: 'no adapter' } };
    process.on('message', ({ provider }) => process.send(answers[provider] ?? none));
    process.send({ type: 'ready' });
    return;
  }`;

/** The driver crashes as soon as a model is loaded on it. */
const deadlyLoad = `${goodProbe}
  const send = process.send.bind(process);
  process.send = (message, ...rest) => {
    const isSent = send(message, ...rest);
    if (message.type === 'loading' && message.device !== 'cpu') process.kill(process.pid, 'SIGSEGV');
    return isSent;
  };`;

/** The driver crashes in the first run: there is none here, so the host says of its CPU that it is one. */
const deadlyRun = (death: string): string => `
  const send = process.send.bind(process);
  let isGpu = false;
  process.on('message', ({ type, failedGpus = [] }) => {
    if (type === 'load') isGpu = failedGpus.length === 0;
    if (type === 'refine' && isGpu) ${death};
  });
  process.send = (message, ...rest) => {
    if (isGpu && message.type === 'loading') return send({ ...message, device: 'webgpu' }, ...rest);
    if (!isGpu || message.type !== 'loaded') return send(message, ...rest);
    return send({ ...message, model: { ...message.model, device: 'webgpu' } }, ...rest);
  };`;

const note = 'The GPU failed with webgpu; the CPU is used.';

/** An engine that may use whatever it finds, with what it says. */
async function startLogged(options: Partial<EngineOptions>) {
  const log: string[] = [];
  const states: EngineState[] = [];
  const engine = await start({
    log: (line) => log.push(line),
    onState: (state) => states.push(state),
    ...options,
  });
  return { engine, log, states };
}

describe('a driver that takes the process along under the load', () => {
  test('is left for the CPU at once, with one sentence, and not tried at later starts', async () => {
    const hostPath = await hostAfter(deadlyLoad);
    const cacheDirectory = await temporaryFolder();
    const { engine, log } = await startLogged({ hostPath, cacheDirectory });
    expect(engine.model).toMatchObject({ device: 'cpu', deviceNote: note });
    const detail = 'the engine process died (signal SIGSEGV) while the model was loading';
    expect(log).toContain(`webgpu failed: ${detail}; it is not used any more.`);
    expect((await readKept(await keptFile(cacheDirectory, 'webgpu'))).verdict).toEqual({
      usable: false,
      problem: 'failed',
      detail,
    });
    expect((await engine.refine(request)).interrupted).toBe(false);
    await engine.dispose();

    const later = await startLogged({ hostPath, cacheDirectory });
    expect(later.engine.model.device).toBe('cpu');
    expect(later.engine.model.deviceNote).toBeUndefined();
    await expect.poll(() => later.log).toContain(`webgpu: failed: ${detail}`);
    expect(later.states).toEqual(['starting', 'loading', 'idle']);
  });

  test('is tried again at a later start by the one who names it, and left again', async () => {
    const hostPath = await hostAfter(deadlyLoad);
    const cacheDirectory = await temporaryFolder();
    for (let times = 1; times <= 2; times += 1) {
      const { engine, log } = await startLogged({ hostPath, cacheDirectory, device: 'webgpu' });
      expect(engine.model).toMatchObject({ device: 'cpu', deviceNote: note });
      expect(log.filter((line) => line.startsWith('webgpu failed: the engine process died'))).toHaveLength(1);
      await engine.dispose();
    }
    expect(await noProcessLeft()).toBe(true);
  });
});

describe('a driver that takes the process along in a run', () => {
  test('fails that run, and is not used by the next one nor by the next engine', async () => {
    const cacheDirectory = await temporaryFolder();
    const hostPath = await hostAfter(deadlyRun("process.kill(process.pid, 'SIGSEGV')"));
    const { engine } = await startLogged({ hostPath, cacheDirectory });
    expect(engine.model.device).toBe('webgpu');
    expect((await failure(engine.refine(request))).canRetry).toBe(true);
    // As the command line does: it leaves at once.
    await engine.dispose();
    expect((await readKept(await keptFile(cacheDirectory, 'webgpu'))).verdict).toEqual({
      usable: false,
      problem: 'failed',
      detail: 'the engine process died (signal SIGSEGV) during the run',
    });
    expect(await noProcessLeft()).toBe(true);
  });

  test('is known to the engine also where nothing can be kept', async () => {
    const { engine } = await startLogged({
      hostPath: await hostAfter(deadlyRun("process.kill(process.pid, 'SIGSEGV')")),
    });
    expect((await failure(engine.refine(request))).canRetry).toBe(true);
    expect((await engine.refine(request)).interrupted).toBe(false);
    expect(engine.model).toMatchObject({ device: 'cpu', deviceNote: note });
  });
});

test('a process that somebody else kills is not put down to the GPU', async () => {
  const { engine, states } = await startLogged({ hostPath: await hostAfter(deadlyRun('undefined')) });
  process.kill(await onlyProcess(), 'SIGKILL');
  await expect.poll(() => states.at(-1)).toBe('stopped');
  await engine.refine(request);
  expect(engine.model.device).toBe('webgpu');
});

test('what this machine has is tried at the first start, which says so, and not at the second', async () => {
  const hostPath = await hostAfter(goodProbe.replace('milliseconds: 1,', 'milliseconds: 100,'));
  const cacheDirectory = await temporaryFolder();
  const first = await startLogged({ hostPath, cacheDirectory });
  expect(first.states).toEqual(['starting', 'loading', 'trying', 'loading', 'idle']);
  await expect
    .poll(() => first.log)
    .toEqual(expect.arrayContaining(['Trying webgpu; it is done once, and may take a minute.']));
  const second = await startLogged({ hostPath, cacheDirectory });
  expect(second.states).toEqual(['starting', 'loading', 'idle']);
  expect(second.log.join('\n')).not.toContain('Trying');
});
