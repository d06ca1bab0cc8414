/** Whether a device computes what the CPU computes. */
import type { DenoiserBatch } from '../../core/flow/denoiser.js';
import type { ModelManifest } from '../../protocol/model-package.js';
import { firstLine } from '../errors.js';
import type { Networks } from '../model-graphs.js';
import { trialBatch, trialPicture } from '../trial.js';
import { usualBatch } from './speed.js';

/** How far a number may lie from the CPU's: far more than rounding makes of it, far less than a word or a colour. */
const largestDifference = 1e-2;

export type Agreement =
  | { readonly problem: undefined; readonly maxAbsoluteError: number }
  /** `failed`: it computed nothing, or numbers that are not finite. */
  | { readonly problem: 'wrong' | 'failed'; readonly detail: string };

/** Runs one graph and gives all its outputs. */
type Trial = (on: Networks) => Promise<readonly Float32Array[]>;

/** Graphs are known that are wrong from 32 positions on, or from the second row on. */
const severalRows = { rows: 2, textLength: 64 };

/**
 * Runs every graph on both sides. The first difference above `largestDifference` ends it.
 * @param onStep is called after every run, with what was run
 * @throws what the CPU's side throws
 */
export async function findDifference(
  manifest: ModelManifest,
  cpu: Networks,
  candidate: Networks,
  onStep: (done: string) => void,
): Promise<Agreement> {
  const picture = trialPicture(manifest);
  const patches = await cpu.autoencoder.encode(picture);
  const pass =
    (batch: DenoiserBatch): Trial =>
    async ({ denoiser }) => {
      const { gapEmptyLogits, gapRates, gapLogits, maskLogits, cleanPatches } = await denoiser.run(batch);
      return [gapEmptyLogits, gapRates, gapLogits, maskLogits, cleanPatches];
    };
  const trials: Readonly<Record<string, Trial>> = {
    denoiser: pass(usualBatch(manifest)),
    'denoiser with two rows': pass(trialBatch(manifest, severalRows)),
    encoder: async ({ autoencoder }) => [await autoencoder.encode(picture)],
    decoder: async ({ autoencoder }) => [await autoencoder.decode(patches)],
  };
  let maxAbsoluteError = 0;
  for (const [name, run] of Object.entries(trials)) {
    const expected = await run(cpu);
    let actual: readonly Float32Array[];
    try {
      actual = await run(candidate);
    } catch (error) {
      return { problem: 'failed', detail: firstLine(error) };
    }
    onStep(`running the ${name}`);
    const difference = Math.max(
      ...expected.map((values, index) => differenceBetween(values, actual[index]!)),
    );
    if (difference > largestDifference) {
      return {
        problem: 'wrong',
        detail: `the ${name} differs from the CPU's by up to ${difference.toPrecision(3)}`,
      };
    }
    maxAbsoluteError = Math.max(maxAbsoluteError, difference);
  }
  return { problem: undefined, maxAbsoluteError };
}

/** The largest absolute difference between two arrays of one length. */
export function differenceBetween(a: Float32Array, b: Float32Array): number {
  return a.reduce((worst, value, index) => Math.max(worst, Math.abs(value - b[index]!)), 0);
}
