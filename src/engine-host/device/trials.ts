/** What is known of the devices for one model: kept from an earlier start, else found out now. */
import { access, constants, mkdir } from 'node:fs/promises';
import {
  cpuVerdictSchema,
  gpuVerdictSchema,
  type CpuVerdict,
  type GpuProvider,
  type GpuVerdict,
} from '../../protocol/devices.js';
import { firstLine } from '../errors.js';
import { readManifestFile } from '../model-package.js';
import { sha256 } from '../package-files.js';
import { threadCounts } from '../threads.js';
import { describeMachine } from './machine.js';
import { probe, type ProbeHost } from './probe-process.js';
import { openVerdictCache, type VerdictCache } from './verdict-cache.js';

export interface TrialOptions {
  readonly host: ProbeHost;
  readonly modelDirectory: string;
  /** Where verdicts are kept; without it none is. */
  readonly cacheDirectory?: string | undefined;
}

/** A verdict, and whether the next start will know it too. */
export interface Trial<T> {
  readonly verdict: T;
  readonly kept: boolean;
}

export interface Trials {
  /** Whether there is a place where verdicts are kept. */
  readonly areKept: boolean;
  /** How fast the CPU is; undefined when that could not be measured, or not be kept. */
  cpu(): Promise<Trial<CpuVerdict> | undefined>;
  /** @param threads threads of the CPU that the GPU is compared with */
  gpu(provider: GpuProvider, threads: number): Promise<Trial<GpuVerdict>>;
  /** As `gpu`, whatever was found out before. */
  gpuAfresh(provider: GpuProvider, threads: number): Promise<Trial<GpuVerdict>>;
  /** Notes that a GPU which was right in its trial failed in earnest, so that the next start does without. */
  noteFailure(provider: GpuProvider, detail: string): Promise<void>;
}

export async function openTrials({ host, modelDirectory, cacheDirectory }: TrialOptions): Promise<Trials> {
  const cache = await openCache(modelDirectory, cacheDirectory);
  const keep = async (provider: 'cpu' | GpuProvider, verdict: unknown): Promise<boolean> =>
    (await cache?.write(provider, verdict)) ?? false;
  const trials: Trials = {
    areKept: cache !== undefined,
    cpu: async () => {
      if (cache === undefined) return undefined;
      const known = await cache.read('cpu', cpuVerdictSchema);
      if (known !== undefined) return { verdict: known, kept: true };
      const end = await probe(host, { modelDirectory, provider: 'cpu', threads: threadCounts() });
      // Another process may have measured meanwhile: what it has kept stays, so that both give the same bytes.
      const meanwhile = await cache.read('cpu', cpuVerdictSchema);
      if (meanwhile !== undefined) return { verdict: meanwhile, kept: true };
      if (end.kind === 'cpu') return { verdict: end.verdict, kept: await keep('cpu', end.verdict) };
      if ('detail' in end) console.error(`The numbers of threads could not be measured: ${end.detail}.`);
      return undefined;
    },
    gpu: async (provider, threads) => {
      const known = await cache?.read(provider, gpuVerdictSchema);
      return known === undefined ? trials.gpuAfresh(provider, threads) : { verdict: known, kept: true };
    },
    gpuAfresh: async (provider, threads) => {
      const end = await probe(host, { modelDirectory, provider, threads: [threads] });
      switch (end.kind) {
        case 'gpu':
          return { verdict: end.verdict, kept: await keep(provider, end.verdict) };
        case 'crashed':
        case 'hung': {
          const verdict = { usable: false, problem: end.kind, detail: end.detail } as const;
          return { verdict, kept: await keep(provider, verdict) };
        }
        default: {
          const detail = 'detail' in end ? end.detail : 'the probe measured something else';
          return { verdict: { usable: false, problem: 'failed', detail }, kept: false };
        }
      }
    },
    noteFailure: async (provider, detail) => {
      await keep(provider, { usable: false, problem: 'failed', detail } satisfies GpuVerdict);
    },
  };
  return trials;
}

/**
 * None without a folder that can be written to, nor for a package without a good model.json: loading it says what is
 * wrong.
 */
async function openCache(
  modelDirectory: string,
  cacheDirectory: string | undefined,
): Promise<VerdictCache | undefined> {
  if (cacheDirectory === undefined) return undefined;
  const manifest = await readManifestFile(modelDirectory).catch(() => undefined);
  if (manifest === undefined) return undefined;
  try {
    await mkdir(cacheDirectory, { recursive: true });
    await access(cacheDirectory, constants.W_OK);
  } catch (error) {
    console.error(`Nothing that is measured can be kept in ${cacheDirectory}: ${firstLine(error)}.`);
    return undefined;
  }
  return openVerdictCache(cacheDirectory, sha256(manifest), describeMachine);
}
