/** Has a process of its own try a device: whatever a driver does there, this process lives on. */
import { fork } from 'node:child_process';
import type { Readable } from 'node:stream';
import * as z from 'zod/mini';
import { fromProbeSchema, type GpuVerdict, type ThreadSpeed, type ToProbe } from '../../protocol/devices.js';
import { guardLine } from '../../protocol/engine-guard.js';

/** The second argument that makes the engine's bundle a probe. */
export const probeArgument = 'probe';

/** How long a probe is waited for, in milliseconds. */
export interface ProbeLimits {
  /**
   * A step is one run of one graph. The first one on a GPU compiles its shaders, which takes seconds on a good machine
   * and many on a busy one: only what lasts much longer is a hang.
   */
  readonly step: number;
  /** A process that a driver holds in the kernel cannot be ended until the driver lets go of it, which may be never. */
  readonly end: number;
}

const usualLimits: ProbeLimits = { step: 60_000, end: 5_000 };

/** What a probe is started from. */
export interface ProbeHost {
  /** The engine's bundle. */
  readonly path: string;
  /** Bytes of memory that the probe may hold. */
  readonly memoryLimit: number;
}

/** How a probe ended. */
export type ProbeEnd =
  | { readonly kind: 'cpu'; readonly speeds: readonly ThreadSpeed[] }
  | { readonly kind: 'gpu'; readonly verdict: GpuVerdict }
  /** Nothing was found out, and the device is not to blame: a bad package, say. */
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'crashed' | 'hung'; readonly detail: string };

/**
 * Starts the probe and waits for what comes of it. Never rejects; no process is left afterwards, also when this one is
 * killed meanwhile: the guard in the probe sees its line close. Only one that nothing can end is left to itself.
 */
export function probe(host: ProbeHost, request: ToProbe, limits = usualLimits): Promise<ProbeEnd> {
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
      if (end !== undefined) return;
      end = decided;
      kill();
      clearTimeout(timer);
      timer = setTimeout(letGo, limits.end);
    };
    const hang = (): void => {
      decide({ kind: 'hung', detail: `no sign of life for ${limits.step / 1000} s after: ${step}` });
    };
    const letGo = (): void => {
      // Nothing of it may keep this process alive.
      if (child.connected) child.disconnect();
      (child.stdio[guardLine] as Readable).destroy();
      child.unref();
      ended('it cannot be ended');
    };
    let timer = setTimeout(hang, limits.step);
    child.on('message', (message) => {
      if (end !== undefined) return;
      clearTimeout(timer);
      timer = setTimeout(hang, limits.step);
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
          decide({ kind: 'cpu', speeds: answer.speeds });
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
