import { availableParallelism, cpus, totalmem } from 'node:os';
import { basename } from 'node:path';
import { toSegments } from '../core/document/index.js';
import { Engine, type EngineOptions } from '../engine/index.js';
import type { CliBench } from '../protocol/cli-output.js';
import { isBetterThanCpu, type DeviceReport, type Provider } from '../protocol/devices.js';
import type { RefineRequest } from '../protocol/engine-messages.js';
import type { BenchCommand } from './arguments.js';
import { benchTable } from './bench-table.js';
import { readDocument } from './document.js';
import { benchDocuments, cacheDirectory, embeddedModelDirectory, engineHostPath } from './installation.js';
import type { Output } from './output.js';

type DeviceSpeed = CliBench['devices'][number];

/** The way from start to first frame is taken so often, and the fastest counts. */
const starts = 3;

/**
 * Measures the embedded model on the CPU, and on every GPU that is right and faster: what is slower would take minutes
 * to say so, and `oneflow devices` says it already.
 */
export async function bench({ json }: BenchCommand, output: Output): Promise<void> {
  const requests = benchDocuments.map(requestFor);
  output.note('Looking at the devices; the first use of a GPU can take a while.');
  const engine = await startOn('cpu');
  let report: CliBench;
  try {
    const { name, version, sha256 } = engine.model;
    const found = await engine.devices({ afresh: false });
    await engine.dispose();
    const speeds: DeviceSpeed[] = [];
    for (const device of ['cpu', ...fasterGpus(found)] as const) {
      output.note(`Measuring on ${device}; this takes a minute.`);
      speeds.push(await measure(device, requests));
    }
    report = {
      format: 'oneflow-bench/1',
      model: { name, version, sha256 },
      machine: {
        platform: `${process.platform}-${process.arch}`,
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: availableParallelism(),
        memoryBytes: totalmem(),
        node: process.versions.node,
      },
      devices: speeds,
    };
  } finally {
    await engine.dispose();
  }
  if (json) output.result(JSON.stringify(report));
  else for (const line of benchTable(report)) output.result(line);
}

function requestFor(file: string): RefineRequest {
  const { segments } = toSegments(readDocument(file), {
    include: () => true,
    resolvePicture: () => undefined,
  });
  return { segments: [...segments], seed: 7 };
}

function fasterGpus({ gpus }: DeviceReport): readonly Provider[] {
  return gpus.flatMap(({ provider, verdict }) => (isBetterThanCpu(verdict) ? [provider] : []));
}

function startOn(device: EngineOptions['device']): Promise<Engine> {
  return Engine.start({
    hostPath: engineHostPath,
    modelDirectory: embeddedModelDirectory,
    device,
    cacheDirectory: cacheDirectory(),
    log: () => undefined,
  });
}

async function measure(device: Provider, requests: readonly RefineRequest[]): Promise<DeviceSpeed> {
  let [loadSeconds, firstFrameSeconds] = [Infinity, Infinity];
  for (let start = 0; start < starts; start += 1) {
    const first = await measureStart(device, requests[0]!);
    loadSeconds = Math.min(loadSeconds, first.loadSeconds);
    firstFrameSeconds = Math.min(firstFrameSeconds, first.firstFrameSeconds);
  }
  const engine = await startOn(device);
  try {
    const { documents, ...speeds } = await engine.bench(requests);
    return {
      device: engine.model.device,
      threads: engine.model.threads,
      loadSeconds,
      firstFrameSeconds,
      ...speeds,
      documents: documents.map((speed, index) => ({ file: basename(benchDocuments[index]!), ...speed })),
    };
  } finally {
    await engine.dispose();
  }
}

/** From the start of the process to the first thing an author would see. */
async function measureStart(
  device: Provider,
  request: RefineRequest,
): Promise<Pick<DeviceSpeed, 'loadSeconds' | 'firstFrameSeconds'>> {
  const started = performance.now();
  const engine = await startOn(device);
  try {
    const stop = new AbortController();
    let firstFrame = Infinity;
    await engine.refine(request, {
      signal: stop.signal,
      onFrame: () => {
        firstFrame = Math.min(firstFrame, performance.now());
        stop.abort();
      },
    });
    return {
      loadSeconds: engine.model.loadSeconds,
      firstFrameSeconds: (firstFrame - started) / 1000,
    };
  } finally {
    await engine.dispose();
  }
}
