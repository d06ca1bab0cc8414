/** Decides where a model runs. */
import type {
  CpuVerdict,
  Device,
  DeviceReport,
  GpuProvider,
  GpuVerdict,
  Provider,
} from '../../protocol/devices.js';
import { chooseThreads, defaultThreads } from '../threads.js';
import { gpuProviders } from './providers.js';
import type { Trial, Trials } from './trials.js';

export interface DeviceChoice {
  readonly device: Provider;
  readonly threads: number;
  /** One sentence for the author when it is the CPU although a GPU was asked or looked for. */
  readonly note?: string;
  /** The same for the log: often ONNX Runtime's own words. */
  readonly detail?: string;
}

/** What the owner of the engine asked for. */
export interface DeviceWish {
  readonly device: Device;
  readonly threads?: number | undefined;
}

/**
 * Chooses device and number of threads. A device that is asked for by name is taken if it is right, `auto` takes the
 * first GPU of the platform that is right and faster than the CPU; else it is the CPU, which is always there.
 *
 * `auto` and the number of threads rest on measurements, and a second measurement could come out otherwise. So they are
 * made once and kept; where they cannot be kept they are not used, so that one machine does not give now these bytes
 * and now those.
 */
export async function chooseDevice(
  wish: DeviceWish,
  trials: Trials,
  platform = process.platform,
): Promise<DeviceChoice> {
  const { device } = wish;
  const cpu = wish.threads === undefined ? await trials.cpu() : undefined;
  const threads = wish.threads ?? threadsOf(cpu);
  const onCpu = (reason: Reason = {}): DeviceChoice => ({ device: 'cpu', threads, ...reason });
  if (device === 'cpu') return onCpu();
  // A package that the CPU could not be tried with is bad, as loading it will tell: no GPU need be tried.
  const isBad = wish.threads === undefined && trials.areKept && cpu === undefined;
  if (isBad) return onCpu();
  const providers = gpuProviders(platform);
  if (device !== 'auto') {
    if (!providers.includes(device)) {
      return onCpu({ note: `There is no ${device} on this system (${platform}); the CPU is used.` });
    }
    const { verdict } = await trials.gpu(device, threads);
    return verdict.usable ? { device, threads } : onCpu(explain(device, verdict));
  }
  if (!trials.areKept) return onCpu();
  const found = [];
  for (const provider of providers) {
    const trial = await trials.gpu(provider, threads);
    if (isBetter(trial)) return { device: provider, threads };
    found.push({ provider, verdict: trial.verdict });
  }
  return onCpu(explainAll(found));
}

/** Looks at every GPU afresh, for who asks what there is. The number of threads, once measured, stays. */
export async function reportDevices(trials: Trials, platform = process.platform): Promise<DeviceReport> {
  const cpu = await trials.cpu();
  const threads = threadsOf(cpu);
  let auto: Provider = 'cpu';
  const gpus = [];
  for (const provider of gpuProviders(platform)) {
    const trial = await trials.gpuAfresh(provider, threads);
    if (auto === 'cpu' && isBetter(trial)) auto = provider;
    gpus.push({ provider, verdict: trial.verdict });
  }
  return { auto, threads, speeds: cpu?.verdict.speeds ?? [], gpus };
}

function threadsOf(trial: Trial<CpuVerdict> | undefined): number {
  return trial?.kept === true ? chooseThreads(trial.verdict.speeds) : defaultThreads();
}

function isBetter({ verdict, kept }: Trial<GpuVerdict>): boolean {
  return kept && verdict.usable && verdict.milliseconds < verdict.cpuMilliseconds;
}

type Found = { readonly provider: GpuProvider; readonly verdict: GpuVerdict };
type Reason = Pick<DeviceChoice, 'note' | 'detail'>;

/** Why `auto` is the CPU; nothing where that is simply the faster one. */
function explainAll(found: readonly Found[]): Reason {
  const unusable = found.flatMap(({ provider, verdict }) => (verdict.usable ? [] : [{ provider, verdict }]));
  const broken = unusable.find(({ verdict }) => verdict.problem !== 'unavailable');
  if (broken !== undefined) return explain(broken.provider, broken.verdict);
  if (unusable.length < found.length) return {};
  return {
    note: 'There is no GPU that can be used here; the CPU is used.',
    detail: unusable.map(({ provider, verdict }) => `${provider}: ${verdict.detail}`).join('\n'),
  };
}

function explain(
  provider: GpuProvider,
  { problem, detail }: GpuVerdict & { readonly usable: false },
): Reason {
  const reasons = {
    unavailable: `There is no GPU that ${provider} can use here`,
    wrong: `The GPU computes wrong numbers with ${provider}`,
    crashed: `The GPU's driver crashed when ${provider} was tried`,
    hung: `The GPU did not answer when ${provider} was tried`,
    failed: `The GPU failed with ${provider}`,
  } as const;
  return { note: `${reasons[problem]}; the CPU is used.`, detail: `${provider}: ${detail}` };
}
