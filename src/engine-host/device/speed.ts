/** How fast a pass is. */
import { performance } from 'node:perf_hooks';
import type { DenoiserBatch } from '../../core/flow/denoiser.js';
import type { ThreadSpeed } from '../../protocol/devices.js';
import type { ModelManifest } from '../../protocol/model-package.js';
import { denoiserOf, graphLoader } from '../model-graphs.js';
import type { ModelPackage } from '../model-package.js';
import { patchesPerPicture, trialBatch } from '../trial.js';

/** Positions of the pass that devices are compared by: about what a page with a picture takes. */
const usualPositions = 256;

const rounds = 6;
/** Milliseconds after which no further round begins: a device that needs them is slow, however exactly one knows. */
const enough = 2000;

/** One row of the usual length, or of the model's context where that is shorter. */
export function usualBatch(manifest: ModelManifest): DenoiserBatch {
  const positions = Math.min(usualPositions, manifest.contextLength);
  return trialBatch(manifest, { rows: 1, textLength: Math.max(4, positions - patchesPerPicture(manifest)) });
}

/**
 * The fastest of several runs of each, in milliseconds. The runs take turns, so that what else the machine does meets
 * all of them alike; and the fastest counts, so that what it does for a moment decides nothing for good.
 */
export async function fastestRuns(runs: readonly (() => Promise<unknown>)[]): Promise<readonly number[]> {
  const fastest = runs.map(() => Infinity);
  const started = performance.now();
  for (let round = 0; round < rounds && (round === 0 || performance.now() - started < enough); round += 1) {
    for (const [index, run] of runs.entries()) {
      const start = performance.now();
      await run();
      fastest[index] = Math.min(fastest[index]!, performance.now() - start);
    }
  }
  return fastest;
}

/** How fast a pass is on the CPU with each number of threads. The sessions stay: a probe's process ends with it. */
export async function measureThreads(
  pack: ModelPackage,
  counts: readonly number[],
  onStep: (done: string) => void,
): Promise<ThreadSpeed[]> {
  const batch = usualBatch(pack.manifest);
  const runs: (() => Promise<unknown>)[] = [];
  for (const threads of counts) {
    const graph = await graphLoader(pack, threads)('denoiser', 'cpu');
    const denoiser = denoiserOf(pack.manifest, graph);
    const run = async (): Promise<void> => {
      await denoiser.run(batch);
      onStep(`a pass with ${threads} ${threads === 1 ? 'thread' : 'threads'}`);
    };
    await run(); // the first one sets up memory
    runs.push(run);
  }
  const speeds = await fastestRuns(runs);
  return counts.map((threads, index) => ({ threads, milliseconds: speeds[index]! }));
}
