/** Decides where a model runs. */
import {
  isBetterThanCpu,
  type CpuVerdict,
  type Device,
  type DeviceReport,
  type GpuFailure,
  type GpuProvider,
  type GpuVerdict,
  type Provider,
} from '../../protocol/devices.js';
import { chooseThreads, defaultThreads } from '../threads.js';
import { gpuProviders } from './providers.js';
import type { TrialOutcome, Trials } from './trials.js';

export interface DeviceChoice {
  readonly device: Provider;
  readonly threads: number;
  /**
   * Why it is the CPU, as one sentence for the author: where a GPU was asked for by name, or where `auto` has found out
   * just now that one cannot be used.
   */
  readonly note?: string;
  /** For the log, what the choice rests on where that is no good news: often ONNX Runtime's own words. */
  readonly details: readonly string[];
}

/** What the owner of the engine asked for. */
export interface DeviceWish {
  readonly device: Device;
  readonly threads?: number | undefined;
  /** GPUs that failed in earlier processes of this engine. */
  readonly failedGpus?: readonly GpuFailure[] | undefined;
}

/**
 * Chooses device and number of threads. A device that is asked for by name is tried, whatever was found out earlier,
 * and taken if it is right; `auto` takes the first GPU of the platform that is right and faster than the CPU; else it
 * is the CPU, which is always there. One that failed this engine already is out of the question.
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
  const cpuProblem = problemOf(cpu);
  const details =
    cpuProblem === undefined ? [] : [`The numbers of threads could not be measured: ${cpuProblem}.`];
  const onCpu = (note?: string): DeviceChoice => ({
    device: 'cpu',
    threads,
    details,
    ...(note !== undefined && { note: `${note}; the CPU is used.` }),
  });
  if (device === 'cpu') return onCpu();
  // A package that the CPU could not be tried with is bad, as loading it will tell: no GPU need be tried.
  const isBad = wish.threads === undefined && trials.areKept && cpu === undefined;
  if (isBad) return onCpu();
  const providers = gpuProviders(platform);
  if (device !== 'auto' && !providers.includes(device)) {
    return onCpu(`There is no ${device} on this system (${platform})`);
  }
  // Every GPU is compared with the CPU: what happens there would be put down to the GPU.
  if (cpuProblem !== undefined) {
    return onCpu(device === 'auto' ? undefined : `${device} was not tried, since trying the CPU failed`);
  }
  const failed = wish.failedGpus ?? [];
  if (device !== 'auto') {
    const trial = failureOf(device, failed) ?? (await trials.gpuOnceMore(device, threads));
    if (trial.verdict.usable) return { device, threads, details };
    details.push(detailOf(device, trial.verdict));
    return onCpu(explain(device, trial.verdict));
  }
  const found: Found[] = [];
  for (const provider of providers) {
    const failure = failureOf(provider, failed);
    if (failure === undefined && !trials.areKept) continue;
    const trial = failure ?? (await trials.gpu(provider, threads));
    if (trial.kept && isBetterThanCpu(trial.verdict)) return { device: provider, threads, details };
    found.push({ provider, ...trial });
    details.push(detailOf(provider, trial.verdict));
  }
  return onCpu(explainAll(found));
}

/**
 * Every GPU of the platform, for who asks what there is. The number of threads, once measured, stays.
 * @param afresh tries the GPUs, whatever was found out before, and once more the CPU if that failed; else only what is
 * not known yet is tried
 */
export async function reportDevices(
  trials: Trials,
  afresh: boolean,
  platform = process.platform,
): Promise<DeviceReport> {
  const cpu = afresh ? await trials.cpuOnceMore() : await trials.cpu();
  const threads = threadsOf(cpu);
  let auto: Provider = 'cpu';
  const gpus = [];
  for (const provider of gpuProviders(platform)) {
    const trial = afresh ? await trials.gpuAfresh(provider, threads) : await trials.gpu(provider, threads);
    if (auto === 'cpu' && trial.kept && isBetterThanCpu(trial.verdict)) auto = provider;
    gpus.push({ provider, verdict: trial.verdict });
  }
  const cpuProblem = problemOf(cpu);
  return {
    auto,
    threads,
    speeds: cpu !== undefined && 'speeds' in cpu.verdict ? cpu.verdict.speeds : [],
    ...(cpuProblem !== undefined && { cpuProblem }),
    gpus,
  };
}

type CpuTrial = TrialOutcome<CpuVerdict> | undefined;
type Found = TrialOutcome<GpuVerdict> & { readonly provider: GpuProvider };

function threadsOf(trial: CpuTrial): number {
  return trial?.kept === true && 'speeds' in trial.verdict
    ? chooseThreads(trial.verdict.speeds)
    : defaultThreads();
}

function problemOf(trial: CpuTrial): string | undefined {
  if (trial === undefined || 'speeds' in trial.verdict) return undefined;
  return `the process that tried it ${trial.verdict.problem} (${trial.verdict.detail})`;
}

/** What a GPU's failure in this engine says of it. */
function failureOf(
  provider: GpuProvider,
  failed: readonly GpuFailure[],
): TrialOutcome<GpuVerdict> | undefined {
  const failure = failed.find(({ device }) => device === provider);
  if (failure === undefined) return undefined;
  return {
    verdict: { usable: false, problem: 'failed', detail: failure.detail },
    kept: false,
    isNews: true,
  };
}

/** Why `auto` is the CPU; nothing where that is simply the faster one, or where it was said at an earlier start. */
function explainAll(found: readonly Found[]): string | undefined {
  const broken = found.find(
    ({ verdict, isNews }) => isNews && !verdict.usable && verdict.problem !== 'unavailable',
  );
  if (broken !== undefined) return explain(broken.provider, broken.verdict);
  const isNone = found.every(({ verdict }) => !verdict.usable && verdict.problem === 'unavailable');
  return isNone && found.some(({ isNews }) => isNews) ? 'There is no GPU that can be used here' : undefined;
}

function explain(provider: GpuProvider, verdict: GpuVerdict): string | undefined {
  if (verdict.usable) return undefined;
  const reasons = {
    unavailable: `There is no GPU that ${provider} can use here`,
    wrong: `The GPU computes wrong numbers with ${provider}`,
    crashed: `The GPU's driver crashed when ${provider} was tried`,
    hung: `The GPU did not answer when ${provider} was tried`,
    failed: `The GPU failed with ${provider}`,
  } as const;
  return reasons[verdict.problem];
}

function detailOf(provider: GpuProvider, verdict: GpuVerdict): string {
  if (!verdict.usable) return `${provider}: ${verdict.problem}: ${verdict.detail}`;
  const { milliseconds, cpuMilliseconds } = verdict;
  return `${provider}: right, but no faster than the CPU (${milliseconds.toFixed(1)} ms against ${cpuMilliseconds.toFixed(1)} ms)`;
}
