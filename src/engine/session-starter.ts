import { EngineError } from './engine-error.js';
import { EngineSession, type SessionOptions } from './engine-session.js';
import { GpuFailures } from './gpu-failures.js';
import { findNode, insideElectron, oldestNode, ownRuntime, type Runtime } from './runtime.js';

export interface StarterOptions extends Omit<SessionOptions, 'runtime' | 'failedGpus' | 'onGpuFailure'> {
  readonly nodePath: string | undefined;
}

/**
 * Starts sessions on the Node that runs this one, with what did no harm so far:
 * - a GPU that failed is left out from then on, and one whose driver takes the process along under the load is left for
 *   the CPU at once;
 * - should the process die under the load otherwise – ONNX Runtime and the memory allocator of an editor's Node are
 *   known not to agree on every system – a plain Node is tried, and kept if it does better.
 */
export class SessionStarter {
  readonly #failures: GpuFailures;
  #runtime = ownRuntime();
  #isFallback = false;

  constructor(private readonly options: StarterOptions) {
    this.#failures = new GpuFailures(options);
  }

  /**
   * Starts a process and loads the model. After a rejection no process is left.
   * @param signal aborting it stops the load
   * @throws EngineError
   */
  async start(signal: AbortSignal): Promise<EngineSession> {
    await this.#failures.kept();
    const gpusFailed = this.#failures.all.length;
    try {
      return await this.#startOn(this.#runtime, signal);
    } catch (error) {
      const isDeath = error instanceof EngineError && error.code === 'engine-died';
      if (!isDeath || signal.aborted) throw error;
      // Each time there is one GPU less.
      if (this.#failures.all.length > gpusFailed) return this.start(signal);
      const { nodePath, log } = this.options;
      const mayBeNode = insideElectron || nodePath !== undefined;
      if (this.#isFallback || !mayBeNode) throw error;
      const node = await findNode(nodePath);
      if (node === undefined) throw withoutNode(error, nodePath);
      log(`${error.message} It is started with ${node.execPath} instead.`);
      const session = await this.#startOn(node, signal);
      this.#runtime = node;
      this.#isFallback = true;
      return session;
    }
  }

  /** Resolves when nothing that was started here works on any more; sessions are their owner's. */
  async settled(): Promise<void> {
    await this.#failures.kept();
  }

  #startOn(runtime: Runtime, signal: AbortSignal): Promise<EngineSession> {
    const options: SessionOptions = {
      ...this.options,
      runtime,
      failedGpus: this.#failures.all,
      onGpuFailure: (failure, isDeath) => {
        if (isDeath) this.#failures.addDeath(failure, runtime);
        else this.#failures.add(failure);
      },
    };
    return EngineSession.start(options, signal);
  }
}

function withoutNode({ code, message }: EngineError, nodePath: string | undefined): EngineError {
  const advice =
    nodePath === undefined
      ? `install Node.js ${oldestNode} or newer, so that it can run there`
      : `${nodePath}, on which it might run, is not Node.js ${oldestNode} or newer`;
  return new EngineError(code, message.replace(/try again\.$/, `${advice}.`));
}
