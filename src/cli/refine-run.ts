import { Engine, EngineError } from '../engine/index.js';
import type { LoadedModel, RefineRequest, RefineResult } from '../protocol/engine-messages.js';
import type { RefineCommand } from './arguments.js';
import { CliFailure } from './failure.js';
import { cacheDirectory, embeddedModelDirectory, engineHostPath } from './installation.js';
import type { Output } from './output.js';
import { createProgress } from './progress.js';

export interface EngineRun {
  readonly model: LoadedModel;
  readonly result: RefineResult;
}

/**
 * Loads the model, has it refine `request` and ends the engine again. `check` may throw once the model is known.
 * An abort during the run still gives a result, that of the last pass; one before the first pass is a failure.
 */
export async function runOnEngine(
  { modelDirectory, device }: RefineCommand,
  request: RefineRequest,
  output: Output,
  signal: AbortSignal,
  check: (model: LoadedModel) => void,
): Promise<EngineRun> {
  const progress = createProgress(output, () => performance.now());
  let isTried = false;
  let engine: Engine | undefined;
  try {
    engine = await Engine.start({
      hostPath: engineHostPath,
      modelDirectory: modelDirectory ?? embeddedModelDirectory,
      device,
      cacheDirectory: cacheDirectory(),
      // What the native libraries say is of use only to who looks for a fault in them.
      log: () => undefined,
      onState: (state) => {
        if (state !== 'trying' || isTried) return;
        isTried = true;
        output.note('Trying once what this machine can use; this can take a minute.');
      },
      signal,
    });
    const { model } = engine;
    check(model);
    output.note(startLine(model, request.seed));
    // Of a device that was asked for by name the report warns.
    if (device === 'auto' && model.deviceNote !== undefined) output.note(model.deviceNote);
    const result = await engine.refine(request, {
      signal,
      onFrame: ({ pass, passes }) => {
        progress.pass(pass, passes);
      },
    });
    if (result.interrupted && result.spans.length + result.pictures.length === 0) throw interruptedEarly();
    return { model, result };
  } catch (error) {
    const stoppedLoading = engine === undefined && signal.aborted && error instanceof EngineError;
    throw stoppedLoading ? interruptedEarly() : error;
  } finally {
    progress.end();
    await engine?.dispose();
  }
}

/** Everything that the same bytes take again, besides the document and its options. */
function startLine({ name, version, device, threads }: LoadedModel, seed: number): string {
  return `${name} ${version} on ${device}, ${threads} ${threads === 1 ? 'thread' : 'threads'}, seed ${seed}`;
}

function interruptedEarly(): CliFailure {
  return new CliFailure('interrupted', 'Interrupted before the first pass; nothing was written.');
}
