/** The real engine process under test: started, found among the system's processes, harmed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { Engine, EngineError, type EngineOptions } from '../../../src/engine/index.js';
import type { RefineRequest } from '../../../src/protocol/engine-messages.js';
import { buildHost, tinyModel, type Bundle } from './host-bundle.js';
import { soup } from './soup.js';

export const request: RefineRequest = {
  seed: 7,
  segments: soup,
};
/** Long enough to do something to it meanwhile. */
export const longRequest: RefineRequest = { ...request, steps: 1000 };

export interface EngineUnderTest {
  /** The built bundle. */
  readonly hostPath: () => string;
  /** Starts an engine that is disposed when the test is over. */
  readonly start: (options?: Partial<EngineOptions>) => Promise<Engine>;
  /** A host of its own for the test: `before` is run, then the built one. */
  readonly hostAfter: (before: string) => Promise<string>;
  /** Processes that run the bundle, or a host that `hostAfter` made. */
  readonly processes: () => Promise<number[]>;
  /** The one process there is. */
  readonly onlyProcess: () => Promise<number>;
  /** Waits until there is no process, for a while. */
  readonly noProcessLeft: () => Promise<boolean>;
}

/** Builds the engine for the test file that calls this. */
export function setUpEngine(): EngineUnderTest {
  let bundle: Bundle;
  beforeAll(async () => {
    bundle = await buildHost();
  });
  afterAll(() => bundle.remove());
  let hosts = 0;

  const processes = async (): Promise<number[]> => {
    const ps = spawn('ps', ['-A', '-o', 'pid=,args=']);
    let output = '';
    ps.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    await once(ps, 'close');
    return output
      .split('\n')
      .filter((line) => line.includes(path.dirname(bundle.hostPath)))
      .map((line) => parseInt(line, 10));
  };
  return {
    hostPath: () => bundle.hostPath,
    start: async (options = {}) => {
      const engine = await Engine.start({
        hostPath: bundle.hostPath,
        modelDirectory: tinyModel,
        device: 'auto',
        log: () => undefined,
        ...options,
      });
      onTestFinished(() => engine.dispose());
      return engine;
    },
    hostAfter: async (before) => {
      hosts += 1;
      const hostPath = path.join(path.dirname(bundle.hostPath), `host-${hosts}.cjs`);
      await writeFile(hostPath, `${before}\nrequire(${JSON.stringify(bundle.hostPath)});\n`);
      return hostPath;
    },
    processes,
    onlyProcess: async () => {
      const [pid, ...others] = await processes();
      expect(pid).toBeDefined();
      expect(others).toEqual([]);
      return pid!;
    },
    noProcessLeft: async () => {
      for (let attempt = 0; attempt < 200; attempt += 1) {
        if ((await processes()).length === 0) return true;
        await setTimeout(50);
      }
      return false;
    },
  };
}

/** The error that `promise` is rejected with, which must be one sentence for the author. */
export const failure = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => {
      throw new Error('did not fail');
    },
    (error: unknown) => {
      if (!(error instanceof EngineError)) throw error;
      expect(error.message).toMatch(/^[A-Z].*[^.]\.$/);
      return error;
    },
  );
