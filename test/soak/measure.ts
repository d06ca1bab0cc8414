/** What must not grow, and who must be gone. */
import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Processes whose command line holds `text`, with their resident memory in megabytes. */
export async function processesWith(text: string): Promise<readonly { pid: number; megabytes: number }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,rss=,args=']);
  return stdout
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => line.trim().split(/\s+/))
    .map(([pid, kilobytes]) => ({ pid: Number(pid), megabytes: Number(kilobytes) / 1024 }));
}

/** What this process, the engines' owner, holds. */
export interface Held {
  /** Live objects, in megabytes. */
  readonly heap: number;
  /** Timers, pipes and processes that the event loop waits for. */
  readonly handles: number;
  /** Listeners on the process itself. */
  readonly listeners: number;
}

/** Looks at the handles, and milliseconds between two: what is just being closed is gone at one of them. */
const looks = { count: 20, interval: 50 };

export async function measureOwner(): Promise<Held> {
  let handles = Infinity;
  for (let look = 0; look < looks.count; look += 1) {
    await setTimeout(looks.interval);
    handles = Math.min(handles, process.getActiveResourcesInfo().length);
  }
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return {
    heap: process.memoryUsage().heapUsed / 1024 ** 2,
    handles,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}
