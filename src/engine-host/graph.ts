/** One ONNX graph of a package: its session, checked against what the package and this engine expect of it. */
import { performance } from 'node:perf_hooks';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Provider } from '../protocol/devices.js';
import type { GraphManifest } from '../protocol/model-package.js';
import { badModel, firstLine, HostError } from './errors.js';
import { hasExternalData } from './external-data.js';
import { areFinite } from './finite.js';

// Warnings about a graph's optimisation are of no use to an author; errors are thrown as well.
env.logLevel = 'error';

// Else it reports every session to its maker and keeps a database for that. It looks when the first session is made;
// on Windows it leaves it to the system.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** What this engine feeds to or reads from a graph. `null` is a size that varies from run to run. */
export interface TensorContract {
  readonly name: string;
  readonly type: 'float32' | 'int64';
  readonly shape: readonly (number | null)[];
}

export interface GraphContract {
  readonly inputs: readonly TensorContract[];
  readonly outputs: readonly TensorContract[];
}

/** A tensor on its way in or out: row-major numbers and their shape. */
export type TensorValue =
  | { readonly type: 'float32'; readonly data: Float32Array; readonly shape: readonly number[] }
  | { readonly type: 'int64'; readonly data: BigInt64Array; readonly shape: readonly number[] };

export type TensorValues = Readonly<Record<string, TensorValue>>;

export interface GraphOptions {
  /** Name for messages: `denoiser`. */
  readonly name: string;
  readonly provider: Provider;
  /** Threads of what runs on the CPU. */
  readonly threads: number;
  /** Whether the session keeps the memory of its largest run for the next one. */
  readonly keepMemory: boolean;
}

/** Something that evaluates a graph. Runs one input at a time: `run` must have ended before it is called again. */
export interface RunnableGraph {
  /** Time spent in ONNX Runtime's runs so far. */
  readonly sessionMilliseconds: number;
  run(inputs: TensorValues): Promise<TensorValues>;
  dispose(): Promise<void>;
}

/** A loaded graph. */
export class Graph implements RunnableGraph {
  #sessionMilliseconds = 0;

  private constructor(
    readonly name: string,
    private readonly session: InferenceSession,
    private readonly contract: GraphContract,
  ) {}

  /**
   * Makes a session from the checked bytes of a graph file, which must be whole: weights in a second file (external
   * data) are refused.
   * @throws HostError `bad-model`
   */
  static async load(
    bytes: Uint8Array,
    manifest: GraphManifest,
    contract: GraphContract,
    options: GraphOptions,
  ): Promise<Graph> {
    checkDeclaration(options.name, manifest, contract);
    let session: InferenceSession;
    try {
      if (hasExternalData(bytes)) throw new Error('it keeps weights in another file, so it is not whole');
      session = await InferenceSession.create(bytes, {
        executionProviders: [options.provider],
        executionMode: 'sequential',
        intraOpNumThreads: options.threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        enableCpuMemArena: options.keepMemory,
        // DirectML takes no sessions with memory patterns.
        enableMemPattern: options.provider !== 'dml',
        logSeverityLevel: 3,
        extra: {
          session: {
            // Threads that wait by spinning take the cores from whatever else the author runs: measured with one
            // busy core of two, a pass took twice as long with it.
            intra_op: { allow_spinning: '0' },
            // Should ONNX ever get a new place for external data, it is looked for where nothing can be: below a file.
            model_external_initializers_file_folder_path: process.execPath,
          },
        },
      });
    } catch (error) {
      const on = options.provider === 'cpu' ? '' : ` on ${options.provider}`;
      throw badModel(`${manifest.file} cannot be loaded as an ONNX graph${on}: ${reason(error)}`, {
        cause: error,
      });
    }
    try {
      checkTensors(manifest.file, 'input', session.inputMetadata, manifest.inputs);
      checkTensors(manifest.file, 'output', session.outputMetadata, manifest.outputs);
    } catch (error) {
      await session.release();
      throw error;
    }
    return new Graph(options.name, session, contract);
  }

  get sessionMilliseconds(): number {
    return this.#sessionMilliseconds;
  }

  /**
   * Runs the graph once, on every output that the contract names.
   * @throws HostError `run-failed` when the run fails, or an output has a wrong shape or is not finite
   */
  async run(inputs: TensorValues): Promise<TensorValues> {
    const feeds: Record<string, Tensor> = {};
    for (const [name, value] of Object.entries(inputs)) {
      feeds[name] =
        value.type === 'float32'
          ? new Tensor('float32', value.data, value.shape)
          : new Tensor('int64', value.data, value.shape);
    }
    let fetched: InferenceSession.ReturnType;
    const started = performance.now();
    try {
      fetched = await this.session.run(feeds);
    } catch (error) {
      throw this.failure(`cannot be run: ${firstLine(error)}`, { cause: error });
    }
    this.#sessionMilliseconds += performance.now() - started;
    return Object.fromEntries(
      this.contract.outputs.map((output) => [output.name, this.checkOutput(output, fetched[output.name])]),
    );
  }

  async dispose(): Promise<void> {
    await this.session.release();
  }

  private checkOutput(
    expected: TensorContract,
    tensor: InferenceSession.OnnxValueMapType[string] | undefined,
  ): TensorValue {
    if (!(tensor instanceof Tensor) || !(tensor.data instanceof Float32Array)) {
      throw this.failure(`gives no float32 output "${expected.name}"`);
    }
    const { dims } = tensor;
    const asExpected = expected.shape.every((size, axis) => size === null || size === dims[axis]);
    if (dims.length !== expected.shape.length || !asExpected) {
      throw this.failure(
        `gives "${expected.name}" with shape ${showShape(dims)} instead of ${showShape(expected.shape)}`,
      );
    }
    if (!areFinite(tensor.data, dims.at(-1) ?? 1))
      throw this.failure(`gives numbers in "${expected.name}" that are not finite`);
    return { type: 'float32', data: tensor.data, shape: dims };
  }

  private failure(problem: string, options?: ErrorOptions): HostError {
    return new HostError('run-failed', `The model's ${this.name} ${problem}.`, options);
  }
}

/** ONNX Runtime's words without the line of its source and the condition that did not hold there. */
function reason(error: unknown): string {
  return firstLine(error).replace(/^\/\S+\.cc:\d+ .* was false\. /, '');
}

type Side = 'input' | 'output';

/** model.json against this engine: names, types and every fixed size. */
function checkDeclaration(graph: string, manifest: GraphManifest, contract: GraphContract): void {
  for (const side of ['input', 'output'] as const) {
    const declared = manifest[`${side}s`];
    const field = `model.json, graphs.${graph}.${side}s`;
    checkNames(
      field,
      side,
      declared.map((tensor) => tensor.name),
      contract[`${side}s`].map((tensor) => tensor.name),
    );
    for (const expected of contract[`${side}s`]) {
      const tensor = declared.find(({ name }) => name === expected.name)!;
      // A size that varies must be declared so; one that this engine knows may be left open, since runs check it.
      const fits =
        tensor.type === expected.type &&
        tensor.shape.length === expected.shape.length &&
        tensor.shape.every((size, axis) => typeof size === 'string' || size === expected.shape[axis]);
      if (!fits) {
        throw badModel(
          `${field}: "${expected.name}" is ${tensor.type} ${showShape(tensor.shape)} where this engine needs ` +
            `${expected.type} ${showShape(expected.shape)}`,
        );
      }
    }
  }
}

/** The graph itself against model.json: names, types, ranks, and every size that both of them fix. */
function checkTensors(
  file: string,
  side: Side,
  found: readonly InferenceSession.ValueMetadata[],
  declared: GraphManifest['inputs'],
): void {
  checkNames(
    file,
    side,
    found.map((tensor) => tensor.name),
    declared.map((tensor) => tensor.name),
  );
  for (const expected of declared) {
    const tensor = found.find(({ name }) => name === expected.name)!;
    const fits =
      tensor.isTensor &&
      tensor.type === expected.type &&
      tensor.shape.length === expected.shape.length &&
      tensor.shape.every((size, axis) => {
        const wanted = expected.shape[axis]!;
        return typeof size === 'string' || size === wanted;
      });
    if (!fits) {
      const actual = tensor.isTensor ? `${tensor.type} ${showShape(tensor.shape)}` : 'no tensor';
      throw badModel(
        `${file}: the ${side} "${expected.name}" is ${actual} where model.json lists ` +
          `${expected.type} ${showShape(expected.shape)}`,
      );
    }
  }
}

function checkNames(where: string, side: Side, found: readonly string[], expected: readonly string[]): void {
  const missing = expected.find((name) => !found.includes(name));
  if (missing !== undefined) throw badModel(`${where}: there is no ${side} "${missing}"`);
  const extra = found.find((name, index) => !expected.includes(name) || found.indexOf(name) !== index);
  if (extra !== undefined) throw badModel(`${where}: there is an ${side} "${extra}" too many`);
}

function showShape(shape: readonly (number | string | null)[]): string {
  return `[${shape.map((size) => size ?? '?').join(', ')}]`;
}
