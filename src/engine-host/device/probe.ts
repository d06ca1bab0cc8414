/** What a probe process does: tries one device with one model, and tells after every step that it is still there. */
import * as z from 'zod/mini';
import { toProbeSchema, type FromProbe, type GpuVerdict, type Provider } from '../../protocol/devices.js';
import { firstLine, wholeReason } from '../errors.js';
import { graphLoader, loadGraphs, networksOf, type Networks } from '../model-graphs.js';
import { readModelPackage, type ModelPackage } from '../model-package.js';
import { findDifference } from './agreement.js';
import { fastestRuns, measureThreads, usualBatch } from './speed.js';

type Send = (message: FromProbe) => void;
/** Told after every step what it was. */
type OnStep = (done: string) => void;

/** Answers a request as it came in; never throws. */
export async function answerProbe(message: unknown, send: Send): Promise<void> {
  const parsed = z.safeParse(toProbeSchema, message);
  if (!parsed.success) {
    send({ type: 'failed', message: 'the probe was sent a message that it does not understand' });
    return;
  }
  const { modelDirectory, provider, threads } = parsed.data;
  const onStep = (done: string): void => {
    send({ type: 'step', done });
  };
  try {
    const pack = await readModelPackage(modelDirectory);
    if (provider === 'cpu') {
      send({ type: 'cpu', speeds: await measureThreads(pack, threads, onStep) });
    } else {
      send({ type: 'gpu', verdict: await tryGpu(pack, provider, threads[0]!, onStep) });
    }
  } catch (error) {
    send({ type: 'failed', message: firstLine(error) });
  }
}

/**
 * The GPU comes first: where there is none, the CPU need not load anything to be compared with. The sessions stay: the
 * process ends with the probe, and releasing one takes its own risks with a bad driver.
 */
async function tryGpu(
  pack: ModelPackage,
  provider: Provider,
  threads: number,
  onStep: OnStep,
): Promise<GpuVerdict> {
  const load = graphLoader(pack, threads);
  const networks = async (on: Provider): Promise<Networks> =>
    networksOf(
      pack.manifest,
      await loadGraphs(async (name) => {
        const graph = await load(name, on);
        onStep(`loading the ${name} on ${on}`);
        return graph;
      }),
    );
  let gpu: Networks;
  try {
    gpu = await networks(provider);
  } catch (error) {
    return { usable: false, problem: 'unavailable', detail: wholeReason(error) };
  }
  const cpu = await networks('cpu');
  const found = await findDifference(pack.manifest, cpu, gpu, onStep);
  if (found.problem !== undefined) return { usable: false, ...found };
  const batch = usualBatch(pack.manifest);
  const [milliseconds, cpuMilliseconds] = await fastestRuns([
    () => gpu.denoiser.run(batch),
    () => cpu.denoiser.run(batch),
  ]);
  return {
    usable: true,
    maxAbsoluteError: found.maxAbsoluteError,
    milliseconds: milliseconds!,
    cpuMilliseconds: cpuMilliseconds!,
  };
}
