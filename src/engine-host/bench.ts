/** Measures a loaded model: single passes, decoding, and whole runs against what ONNX Runtime alone would take. */
import type { BenchResult } from '../protocol/bench.js';
import type { RefineRequest, RefineResult } from '../protocol/engine-messages.js';
import { fastestRuns } from './device/speed.js';
import type { EngineModel } from './engine-model.js';
import type { RunnableGraph, TensorValues } from './graph.js';
import { denoiserOf } from './model-graphs.js';
import { runRefine } from './runner.js';
import { patchesPerPicture, trialBatch, trialPicture } from './trial.js';

/** Positions of a row that a pass is measured at, as far as the model's context goes. */
const positionsMeasured = [64, 128, 256, 384, 512, 1024];

/** A run is made so often, and the fastest counts: an engine that has just started still compiles its own code. */
const repetitions = 4;

/** @throws HostError as `runRefine` */
export async function benchModel(
  model: EngineModel,
  requests: readonly RefineRequest[],
): Promise<BenchResult> {
  const { manifest, denoiser, autoencoder } = model;
  const patches = patchesPerPicture(manifest);
  const passes = [];
  for (const positions of positionsMeasured.filter((size) => size <= manifest.contextLength)) {
    const batch = trialBatch(manifest, { rows: 1, textLength: positions - patches });
    await denoiser.run(batch);
    const [milliseconds] = await fastestRuns([() => denoiser.run(batch)]);
    passes.push({ positions, milliseconds: milliseconds! });
  }
  const latents = await autoencoder.encode(trialPicture(manifest));
  const [decodeMilliseconds] = await fastestRuns([() => autoencoder.decode(latents)]);
  const documents = [];
  for (const request of requests) documents.push(await benchDocument(model, request));
  return {
    passes,
    decodeMilliseconds: decodeMilliseconds!,
    documents,
    // In kilobytes, on every platform.
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

async function benchDocument(
  model: EngineModel,
  request: RefineRequest,
): Promise<BenchResult['documents'][number]> {
  const { denoiser } = model.graphs;
  const passes = await recordPasses(model, request);
  let fastest: MeasuredRun | undefined;
  let loopMilliseconds = Infinity;
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    const run = await measureRun(model, request);
    if (fastest === undefined || run.result.seconds.refine < fastest.result.seconds.refine) fastest = run;
    const before = denoiser.sessionMilliseconds;
    for (const inputs of passes) await denoiser.run(inputs);
    loopMilliseconds = Math.min(loopMilliseconds, denoiser.sessionMilliseconds - before);
  }
  const { result, sessionMilliseconds } = fastest!;
  const refineMilliseconds = result.seconds.refine * 1000;
  return {
    forwardPasses: result.forwardPasses,
    seconds: result.seconds,
    javascriptShare: 1 - sessionMilliseconds / refineMilliseconds,
    ofSessionRun: loopMilliseconds / refineMilliseconds,
  };
}

interface MeasuredRun {
  readonly result: RefineResult;
  /** Time that the refinement spent in ONNX Runtime; the decoding comes after it and does not count. */
  readonly sessionMilliseconds: number;
}

async function measureRun(model: EngineModel, request: RefineRequest): Promise<MeasuredRun> {
  const { denoiser, encoder } = model.graphs;
  const spent = (): number => denoiser.sessionMilliseconds + encoder.sessionMilliseconds;
  const before = spent();
  const result = await refineOnce(model, request);
  return { result, sessionMilliseconds: spent() - before };
}

/** What the denoiser is given in a run, pass by pass: the same in every run of the request. */
async function recordPasses(model: EngineModel, request: RefineRequest): Promise<readonly TensorValues[]> {
  const { denoiser } = model.graphs;
  const passes: TensorValues[] = [];
  const recorder: RunnableGraph = {
    run: (inputs) => {
      passes.push(inputs);
      return denoiser.run(inputs);
    },
    dispose: () => denoiser.dispose(),
    get sessionMilliseconds() {
      return denoiser.sessionMilliseconds;
    },
  };
  await refineOnce({ ...model, denoiser: denoiserOf(model.manifest, recorder) }, request);
  return passes;
}

function refineOnce(model: EngineModel, request: RefineRequest): Promise<RefineResult> {
  const { signal } = new AbortController();
  return runRefine(model, request, { signal, onFrame: () => undefined });
}
