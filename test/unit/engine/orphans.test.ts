import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { build } from 'esbuild';
import { beforeAll, describe, expect, test } from 'vitest';
import { tinyModel } from './host-bundle.js';
import { failure, longRequest, setUpEngine } from './support.js';
import { temporaryFolder } from '../engine-host/tiny-package.js';

const { hostPath: builtHost, hostAfter, processes, noProcessLeft, start } = setUpEngine();

const parentPath = (): string => path.join(path.dirname(builtHost()), 'parent.mjs');

// An owner that says `running` after the third pass and then does what its argument says.
beforeAll(async () => {
  await build({
    stdin: {
      resolveDir: import.meta.dirname,
      contents: `
        import { Engine } from '../../../src/engine/index.js';
        const [hostPath, end] = process.argv.slice(2);
        const engine = await Engine.start({
          hostPath,
          modelDirectory: ${JSON.stringify(tinyModel)},
          device: 'auto',
          log: () => undefined,
        });
        const onFrame = ({ pass }) => {
          if (pass !== 3) return;
          console.log('running');
          setImmediate(() => (0, eval)(end));
        };
        await engine.refine(${JSON.stringify(longRequest)}, { onFrame });`,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    outfile: parentPath(),
  });
});

/** Starts an owner with a run under way in its engine. */
async function startParent(end: string, hostPath = builtHost()) {
  const parent = spawn(process.execPath, [parentPath(), hostPath, end], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(parent.stdout, 'data');
  return parent;
}

/** The process that started another. */
function parentOf(pid: number): number {
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout);
}

/** Waits until neither the owner nor its engine is there. */
async function expectNobodyLeft(): Promise<void> {
  expect(await noProcessLeft()).toBe(true);
}

test('no probe is left when the engine that waits for it is killed, even if a driver hangs in it', async () => {
  const hostPath = await hostAfter(
    "if (process.argv[3] === 'probe') process.once('message', () => { for (;;); });",
  );
  const cacheDirectory = await temporaryFolder();
  const failed = failure(start({ hostPath, cacheDirectory }));
  await expect.poll(async () => (await processes()).length, { timeout: 10_000 }).toBe(2);
  // Long enough for the probe to be in the middle of it.
  await setTimeout(500);
  const engine = (await processes()).find((pid) => parentOf(pid) === process.pid);
  process.kill(engine!, 'SIGKILL');
  expect((await failed).code).toBe('engine-died');
  await expectNobodyLeft();
});

describe('no engine is left when its owner', () => {
  test.each<NodeJS.Signals>(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGSEGV'])(
    'is ended by %s during a run',
    async (signal) => {
      const parent = await startParent('');
      expect(await processes()).toHaveLength(2);
      parent.kill(signal);
      expect(await once(parent, 'exit')).toEqual([null, signal]);
      await expectNobodyLeft();
    },
  );

  test.each([
    ['leaves', 'process.exit(0)'],
    ['throws', "throw new Error('nobody catches this')"],
    ['rejects', "Promise.reject(new Error('nobody catches this'))"],
    ['aborts', 'process.abort()'],
  ])('%s during a run', async (_, end) => {
    const parent = await startParent(end);
    await once(parent, 'exit');
    await expectNobodyLeft();
  });

  test('is killed while the engine is stuck', async () => {
    const hostPath = await hostAfter(`
      const send = process.send.bind(process);
      process.send = (message, ...rest) => {
        if (message.type === 'frame' && message.frame.pass === 3) setImmediate(() => { for (;;); });
        return send(message, ...rest);
      };`);
    const parent = await startParent('', hostPath);
    await setTimeout(200); // by now it is
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expectNobodyLeft();
  });
});
