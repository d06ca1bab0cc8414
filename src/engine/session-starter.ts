import type { Device } from '../protocol/devices.js';
import { EngineError } from './engine-error.js';
import { EngineSession, type SessionOptions } from './engine-session.js';
import { findNode, insideElectron, ownRuntime, type Runtime } from './runtime.js';

export interface StarterOptions extends Omit<SessionOptions, 'runtime'> {
  readonly nodePath: string | undefined;
}

/**
 * Starts sessions on the Node that runs this one. Should that die under the load – ONNX Runtime and the memory
 * allocator of an editor's Node are known not to agree on every system – a plain Node is tried, and kept if it does
 * better.
 */
export class SessionStarter {
  #runtime = ownRuntime();
  #isFallback = false;
  #device: Device;

  constructor(private readonly options: StarterOptions) {
    this.#device = options.device;
  }

  /** From the next start on everything runs on the CPU. */
  giveUpGpu(): void {
    this.#device = 'cpu';
  }

  /**
   * Starts a process and loads the model. After a rejection no process is left.
   * @param signal aborting it stops the load
   * @throws EngineError
   */
  async start(signal: AbortSignal): Promise<EngineSession> {
    try {
      return await EngineSession.start(this.#sessionOptions(this.#runtime), signal);
    } catch (error) {
      const { nodePath, log } = this.options;
      const mayBeNode = insideElectron || nodePath !== undefined;
      const isDeath = error instanceof EngineError && error.code === 'engine-died';
      if (this.#isFallback || !mayBeNode || !isDeath || signal.aborted) throw error;
      const node = await findNode(nodePath);
      if (node === undefined) throw withoutNode(error, nodePath);
      log(`${error.message} It is started with ${node.execPath} instead.`);
      const session = await EngineSession.start(this.#sessionOptions(node), signal);
      this.#runtime = node;
      this.#isFallback = true;
      return session;
    }
  }

  #sessionOptions(runtime: Runtime): SessionOptions {
    return { ...this.options, device: this.#device, runtime };
  }
}

function withoutNode({ code, message }: EngineError, nodePath: string | undefined): EngineError {
  const advice =
    nodePath === undefined
      ? 'install Node.js 20 or newer, so that it can run there'
      : `${nodePath}, on which it might run, is not Node.js 20 or newer`;
  return new EngineError(code, message.replace(/try again\.$/, `${advice}.`));
}
