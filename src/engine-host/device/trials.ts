/** What is known of the devices for one model: kept from an earlier start, else found out now. */
import { access, constants, mkdir } from 'node:fs/promises';
import {
  cpuVerdictSchema,
  gpuVerdictSchema,
  type CpuVerdict,
  type GpuFailure,
  type GpuProvider,
  type GpuVerdict,
  type Provider,
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
  /** Told before a device is tried, which may take a minute. */
  readonly onTrying: (device: Provider) => void;
}

/** What is known of one device, and how it is known. */
export interface TrialOutcome<T> {
  readonly verdict: T;
  /** Whether the next start will know it too. */
  readonly kept: boolean;
  /** Whether it was found out just now. */
  readonly isNews: boolean;
}

export interface Trials {
  /** Whether there is a place where verdicts are kept. */
  readonly areKept: boolean;
  /** How fast the CPU is; undefined when nothing is kept, or when it could not be tried with this package. */
  cpu(): Promise<TrialOutcome<CpuVerdict> | undefined>;
  /** As `cpu`, but a measurement that once failed is made again. */
  cpuOnceMore(): Promise<TrialOutcome<CpuVerdict> | undefined>;
  /** @param threads threads of the CPU that the GPU is compared with */
  gpu(provider: GpuProvider, threads: number): Promise<TrialOutcome<GpuVerdict>>;
  /** As `gpu`, but one that could not be used is tried again. That it failed in earnest stays on record. */
  gpuOnceMore(provider: GpuProvider, threads: number): Promise<TrialOutcome<GpuVerdict>>;
  /** As `gpu`, whatever was found out before. */
  gpuAfresh(provider: GpuProvider, threads: number): Promise<TrialOutcome<GpuVerdict>>;
  /** Notes that a GPU which was right in its trial failed in earnest, so that later starts do without. */
  noteFailure(failure: GpuFailure): Promise<void>;
}

export async function openTrials({
  host,
  modelDirectory,
  cacheDirectory,
  onTrying,
}: TrialOptions): Promise<Trials> {
  const cache = await openCache(modelDirectory, cacheDirectory);
  const keep = async (provider: Provider, verdict: CpuVerdict | GpuVerdict): Promise<boolean> =>
    (await cache?.write(provider, verdict)) ?? false;
  const knownCpu = async (): Promise<TrialOutcome<CpuVerdict> | undefined> => {
    const verdict = await cache?.read('cpu', cpuVerdictSchema);
    return verdict && { verdict, kept: true, isNews: false };
  };
  const knownGpu = async (provider: GpuProvider): Promise<TrialOutcome<GpuVerdict> | undefined> => {
    const verdict = await cache?.read(provider, gpuVerdictSchema);
    return verdict && { verdict, kept: true, isNews: false };
  };

  const measureCpu = async (): Promise<TrialOutcome<CpuVerdict> | undefined> => {
    onTrying('cpu');
    const end = await probe(host, { modelDirectory, provider: 'cpu', threads: threadCounts() });
    // Another process may have measured meanwhile: what it has kept stays, so that both give the same bytes.
    const meanwhile = await knownCpu();
    if (meanwhile !== undefined && 'speeds' in meanwhile.verdict) return meanwhile;
    switch (end.kind) {
      case 'cpu': {
        const verdict = { speeds: [...end.speeds] };
        return { verdict, kept: await keep('cpu', verdict), isNews: true };
      }
      case 'crashed':
      case 'hung': {
        const verdict = { problem: end.kind, detail: end.detail };
        return { verdict, kept: await keep('cpu', verdict), isNews: true };
      }
      default:
        // The package is to blame: nothing was found out about the machine.
        if ('detail' in end) console.error(`The CPU could not be tried: ${end.detail}.`);
        return undefined;
    }
  };
  /** `isFounded`: false when the package is to blame, and nothing was found out about the GPU. */
  const tryGpu = async (
    provider: GpuProvider,
    threads: number,
  ): Promise<{ readonly verdict: GpuVerdict; readonly isFounded: boolean }> => {
    onTrying(provider);
    const end = await probe(host, { modelDirectory, provider, threads: [threads] });
    switch (end.kind) {
      case 'gpu':
        return { verdict: end.verdict, isFounded: true };
      case 'crashed':
      case 'hung':
        return { verdict: { usable: false, problem: end.kind, detail: end.detail }, isFounded: true };
      default: {
        const detail = 'detail' in end ? end.detail : 'the probe measured something else';
        return { verdict: { usable: false, problem: 'failed', detail }, isFounded: false };
      }
    }
  };

  const trials: Trials = {
    areKept: cache !== undefined,
    cpu: async () => (cache === undefined ? undefined : ((await knownCpu()) ?? measureCpu())),
    cpuOnceMore: async () => {
      const known = await trials.cpu();
      const isToRepeat = known !== undefined && !known.isNews && 'problem' in known.verdict;
      return isToRepeat ? measureCpu() : known;
    },
    gpu: async (provider, threads) => (await knownGpu(provider)) ?? trials.gpuAfresh(provider, threads),
    gpuOnceMore: async (provider, threads) => {
      const known = await trials.gpu(provider, threads);
      if (known.isNews || known.verdict.usable) return known;
      if (known.verdict.problem !== 'failed') return trials.gpuAfresh(provider, threads);
      // Passing the trial again proves nothing: this GPU had passed it when it failed in real use.
      const { verdict } = await tryGpu(provider, threads);
      return { verdict, kept: false, isNews: true };
    },
    gpuAfresh: async (provider, threads) => {
      const { verdict, isFounded } = await tryGpu(provider, threads);
      return { verdict, kept: isFounded && (await keep(provider, verdict)), isNews: true };
    },
    noteFailure: async ({ device, detail }) => {
      await keep(device, { usable: false, problem: 'failed', detail });
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
