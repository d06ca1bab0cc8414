import type { Provider } from '../../protocol/devices.js';
import { wholeReason } from '../errors.js';
import type { RunnableGraph, TensorValues } from '../graph.js';
import type { ModelDevice } from './model-device.js';

/**
 * A graph on its model's GPU. When that fails (it was lost, its memory is full, its numbers are not finite: ONNX
 * Runtime has no error of its own for any of them), the run is repeated on the CPU, and all that follow go there. A
 * pass depends on its inputs alone, so nothing of the document is lost.
 */
export class FallbackGraph implements RunnableGraph {
  readonly #graphs = new Map<Provider, RunnableGraph>();

  private constructor(
    private readonly device: ModelDevice,
    private readonly loadOn: (provider: Provider) => Promise<RunnableGraph>,
  ) {}

  /** @param loadOn makes the session, on the CPU only when it is needed */
  static async load(
    device: ModelDevice,
    loadOn: (provider: Provider) => Promise<RunnableGraph>,
  ): Promise<FallbackGraph> {
    const graph = new FallbackGraph(device, loadOn);
    await graph.#attempt(() => Promise.resolve());
    return graph;
  }

  get sessionMilliseconds(): number {
    return [...this.#graphs.values()].reduce((sum, graph) => sum + graph.sessionMilliseconds, 0);
  }

  async run(inputs: TensorValues): Promise<TensorValues> {
    return this.#attempt((graph) => graph.run(inputs));
  }

  async dispose(): Promise<void> {
    // A session on a GPU that failed is left alone until the process ends: releasing it can take the process along.
    await this.#graphs.get(this.device.current)?.dispose();
    this.#graphs.clear();
  }

  /** Works on the device, and once more on the CPU when that fails. */
  async #attempt<T>(work: (graph: RunnableGraph) => Promise<T>): Promise<T> {
    const provider = this.device.current;
    try {
      return await work(await this.#on(provider));
    } catch (error) {
      if (provider === 'cpu') throw error;
      // What fails on the CPU too is not the GPU's fault.
      const result = await work(await this.#on('cpu'));
      this.device.fail(wholeReason(error));
      return result;
    }
  }

  async #on(provider: Provider): Promise<RunnableGraph> {
    const graph = this.#graphs.get(provider) ?? (await this.loadOn(provider));
    this.#graphs.set(provider, graph);
    return graph;
  }
}
