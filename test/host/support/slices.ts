import { createHook } from 'node:async_hooks';

/** How long the extension host was kept busy at a stretch. */
export interface Slices {
  readonly count: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
  /** The longest ones, longest first. */
  readonly longest: readonly number[];
  /** Share of the slices below 16 ms: a frame of the editor. */
  readonly shareBelow16: number;
}

/**
 * Measures every synchronous slice of this thread while `work` goes on: from the call of a callback to its return,
 * those of VS Code's own code included. CPU time where Node tells that of a thread, so that a busy machine does not
 * count; wall time elsewhere.
 */
export async function measureSlices(work: () => Promise<void>): Promise<Slices> {
  const slices: number[] = [];
  let depth = 0;
  let start = 0;
  const hook = createHook({
    before: () => {
      if (depth === 0) start = now();
      depth += 1;
    },
    after: () => {
      // Of a callback that had begun before: the one that measures.
      if (depth === 0) return;
      depth -= 1;
      if (depth === 0) slices.push(now() - start);
    },
  });
  hook.enable();
  try {
    await work();
  } finally {
    hook.disable();
  }
  slices.sort((a, b) => a - b);
  const at = (share: number): number =>
    slices[Math.min(slices.length - 1, Math.floor(share * slices.length))] ?? 0;
  return {
    count: slices.length,
    median: at(0.5),
    p99: at(0.99),
    longest: slices.slice(-5).reverse(),
    shareBelow16: slices.filter((slice) => slice < 16).length / slices.length,
  };
}

type ThreadTimes = () => { readonly user: number; readonly system: number };

/** Milliseconds. */
function now(): number {
  // Since Node 23.9; the types are of the oldest Node that is supported.
  const { threadCpuUsage } = process as unknown as { threadCpuUsage?: ThreadTimes };
  if (threadCpuUsage === undefined) return performance.now();
  const { user, system } = threadCpuUsage.call(process);
  return (user + system) / 1000;
}
