import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { findNode, oldestNode, ownRuntime } from '../../../src/engine/runtime.js';
import { temporaryFolder } from '../engine-host/tiny-package.js';
import { failure, request, setUpEngine } from './support.js';

const { start, hostAfter, processes } = setUpEngine();

/** A folder with a program called `node`: a shell script of these lines. */
async function folderWithNode(...lines: string[]): Promise<string> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'node'), ['#!/bin/sh', ...lines, ''].join('\n'));
  await chmod(path.join(folder, 'node'), 0o755);
  return folder;
}

test("inside an editor, the editor's executable is told to be plain Node", () => {
  expect(ownRuntime('/opt/editor/code', true)).toEqual({
    execPath: '/opt/editor/code',
    environment: { ELECTRON_RUN_AS_NODE: '1' },
  });
  expect(ownRuntime('/usr/bin/node', false)).toEqual({ execPath: '/usr/bin/node', environment: {} });
});

test('the oldest Node is told alike by the engine, the package and its pages', async () => {
  const { engines } = JSON.parse(await readFile('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${oldestNode}`);
  expect(await readFile('README.md', 'utf8')).toContain(`(https://nodejs.org) ${oldestNode} or newer`);
  expect(await readFile('package.nls.json', 'utf8')).toContain(`a Node.js ${oldestNode} or newer`);
});

describe.skipIf(process.platform === 'win32')('a plain Node', () => {
  test('is the first one on the PATH that is new enough', async () => {
    const [old, broken, none, good] = [
      await folderWithNode('echo v18.20.4'),
      await folderWithNode('exit 1'),
      await temporaryFolder(),
      await temporaryFolder(),
    ];
    await symlink(process.execPath, path.join(good, 'node'));
    const searchPath = [old, broken, none, good].join(path.delimiter);
    expect((await findNode(undefined, searchPath))?.execPath).toBe(path.join(good, 'node'));
    expect(await findNode(undefined, old)).toBeUndefined();
  });

  test.each([
    ['v20.14.0', false],
    ['v20.18.3', false],
    ['v20.19.0', true],
    ['v22.0.0', true],
    ['20', false],
    ['no version', false],
  ])('that calls itself %s is new enough: %s', async (version, good) => {
    const folder = await folderWithNode(`echo ${version}`);
    expect((await findNode(undefined, folder)) !== undefined).toBe(good);
  });

  test('is never looked for in the folder that is open', async () => {
    const folder = await folderWithNode('echo v22.0.0');
    await mkdir(path.join(folder, 'bin'));
    const here = path.relative(process.cwd(), folder);
    expect(await findNode(undefined, ['', '.', here].join(path.delimiter))).toBeUndefined();
  });

  test('is the one that is named, if it is new enough', async () => {
    expect(await findNode(process.execPath)).toEqual({ execPath: process.execPath, environment: {} });
    const old = path.join(await folderWithNode('echo v18.20.4'), 'node');
    expect(await findNode(old, path.dirname(process.execPath))).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')(
  'where the engine dies under the load on the Node that runs this',
  () => {
    /** Dies like ONNX Runtime in an editor's Node, unless the other Node runs it. */
    const delicateHost = () =>
      hostAfter(
        "if (!process.env.OTHER_NODE) process.once('message', () => process.kill(process.pid, 'SIGTRAP'));",
      );
    const otherNode = () => folderWithNode('export OTHER_NODE=1', `exec '${process.execPath}' "$@"`);

    test('it runs on the one that is named, from then on', async () => {
      const nodePath = path.join(await otherNode(), 'node');
      const lines: string[] = [];
      const states: string[] = [];
      const engine = await start({
        hostPath: await delicateHost(),
        nodePath,
        log: (line) => lines.push(line),
        onState: (state) => states.push(state),
      });
      expect(lines).toEqual([
        `The engine process ended unexpectedly (signal SIGTRAP) while the model was loading; try again. It is started with ${nodePath} instead.`,
      ]);
      const [pid] = await processes();
      process.kill(pid!, 'SIGKILL');
      await expect.poll(() => states.at(-1)).toBe('stopped');
      expect((await engine.refine(request)).interrupted).toBe(false);
      expect(lines).toHaveLength(1);
    });

    test('and the one that is named is too old, it says so', async () => {
      const nodePath = path.join(await folderWithNode('echo v18.20.4'), 'node');
      const error = await failure(start({ hostPath: await delicateHost(), nodePath }));
      expect(error.message).toBe(
        `The engine process ended unexpectedly (signal SIGTRAP) while the model was loading; ${nodePath}, on which it might run, is not Node.js ${oldestNode} or newer.`,
      );
    });

    test('a package that is bad is not tried twice', async () => {
      const nodePath = path.join(await otherNode(), 'node');
      const lines: string[] = [];
      const error = await failure(
        start({ modelDirectory: await temporaryFolder(), nodePath, log: (line) => lines.push(line) }),
      );
      expect(error.code).toBe('bad-model');
      expect(lines).toEqual([]);
    });
  },
);

describe('an executable that is gone, as after an update of the editor,', () => {
  const { execPath } = process;
  beforeEach(() => {
    process.execPath = path.join(path.dirname(execPath), 'gone');
    onTestFinished(() => void (process.execPath = execPath));
  });

  test('fails the start in one sentence', async () => {
    const error = await failure(start());
    expect([error.code, error.message]).toEqual([
      'engine-died',
      `The engine process ended unexpectedly (it could not be started: spawn ${process.execPath} ENOENT) while the model was loading; try again.`,
    ]);
  });

  test('does no harm where a Node is named', async () => {
    const engine = await start({ nodePath: execPath });
    expect((await engine.refine(request)).interrupted).toBe(false);
  });
});
