/** Has a process of its own try a device: whatever a driver does there, this process lives on. */
import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { fromProbeSchema, type CpuVerdict, type GpuVerdict, type ToProbe } from '../../protocol/devices.js';
import { guardLine } from '../../protocol/engine-guard.js';

/** The second argument that makes the engine's bundle a probe. */
export const probeArgument = 'probe';

/**
 * A step is one run of one graph, in milliseconds. The first one on a GPU compiles its shaders, which takes seconds on a
 * good machine and many on a busy one: only what lasts much longer is a hang.
 */
const stepLimit = 60_000;

/** What a probe is started from. */
export interface ProbeHost {
  /** The engine's bundle. */
  readonly path: string;
  /** Bytes of memory that the probe may hold. */
  readonly memoryLimit: number;
}

/** How a probe ended. */
export type ProbeEnd =
  | { readonly kind: 'cpu'; readonly verdict: CpuVerdict }
  | { readonly kind: 'gpu'; readonly verdict: GpuVerdict }
  /** Nothing was found out, and the device is not to blame: a bad package, say. */
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'crashed' | 'hung'; readonly detail: string };

/**
 * Starts the probe and waits for what comes of it. Never rejects; no process is left afterwards, also when this one is
 * killed meanwhile: the guard in the probe sees its line close.
 */
export function probe(host: ProbeHost, request: ToProbe, limit = stepLimit): Promise<ProbeEnd> {
  return new Promise((resolve) => {
    // What the native libraries write to stderr goes to this process's own, which is the log.
    const child = fork(host.path, [String(host.memoryLimit), probeArgument], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc', 'pipe'],
      execArgv: [],
    });
    // What the guard says there is said by the end of the process as well.
    (child.stdio[guardLine] as Readable).on('error', () => undefined).resume();
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    let step = 'starting';
    let end: ProbeEnd | undefined;
    /** Decides once; the promise settles when the process is gone. */
    const decide = (decided: ProbeEnd): void => {
      end ??= decided;
      kill();
    };
    const hang = (): void => {
      decide({ kind: 'hung', detail: `no sign of life for ${limit / 1000} s after: ${step}` });
    };
    let timer = setTimeout(hang, limit);
    child.on('message', (message) => {
      clearTimeout(timer);
      timer = setTimeout(hang, limit);
      const parsed = z.safeParse(fromProbeSchema, message);
      if (!parsed.success) {
        decide({ kind: 'crashed', detail: 'it sent a message that this version does not understand' });
        return;
      }
      const answer = parsed.data;
      switch (answer.type) {
        case 'ready':
          child.send(request, () => undefined);
          break;
        case 'step':
          step = answer.done;
          break;
        case 'cpu':
          decide({ kind: 'cpu', verdict: answer.verdict });
          break;
        case 'gpu':
          decide({ kind: 'gpu', verdict: answer.verdict });
          break;
        case 'failed':
          decide({ kind: 'failed', detail: answer.message });
          break;
      }
    });
    const ended = (how: string): void => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve(end ?? { kind: 'crashed', detail: `the process ended (${how}) after: ${step}` });
    };
    child.once('error', (error) => {
      // Also reported when a message cannot be sent to a process that runs; only its exit ends that.
      if (child.pid === undefined) ended(error.message);
    });
    child.once('exit', (code, signal) => {
      ended(signal ?? `exit code ${code}`);
    });
  });
}
