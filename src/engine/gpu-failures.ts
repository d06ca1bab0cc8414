import type { GpuFailure } from '../protocol/devices.js';
import { EngineProcess } from './engine-process.js';
import type { Runtime } from './runtime.js';

export interface GpuFailuresOptions {
  readonly hostPath: string;
  readonly modelDirectory: string;
  /** Where the process keeps what it knows of devices; without it a failure is known to this engine alone. */
  readonly cacheDirectory: string | undefined;
  readonly memoryLimit: number;
  readonly log: (line: string) => void;
}

/**
 * The GPUs that failed this engine in real use, while a model was loading or running on them. This engine uses none of
 * them again, and the records that its process keeps tell later engines not to.
 */
export class GpuFailures {
  readonly #failures: GpuFailure[] = [];
  #kept: Promise<void> = Promise.resolve();

  constructor(private readonly options: GpuFailuresOptions) {}

  get all(): readonly GpuFailure[] {
    return this.#failures;
  }

  /** Takes note of a failure that the process lived through: it has kept it itself. */
  add(failure: GpuFailure): void {
    if (this.#failures.every(({ device }) => device !== failure.device)) this.#failures.push(failure);
  }

  /** Takes note of a failure that the process died of, and has a process on `runtime` keep it for later engines. */
  addDeath(failure: GpuFailure, runtime: Runtime): void {
    this.add(failure);
    this.options.log(`${failure.device} failed: ${failure.detail}; it is not used any more.`);
    const { cacheDirectory } = this.options;
    if (cacheDirectory !== undefined) {
      this.#kept = this.#kept.then(() => this.#keep(failure, cacheDirectory, runtime));
    }
  }

  /** Resolves when all that can be kept is. */
  async kept(): Promise<void> {
    await this.#kept;
  }

  /** Resolves when the process that records it is gone; if it could not, its log says why. */
  #keep(failure: GpuFailure, cacheDirectory: string, runtime: Runtime): Promise<void> {
    const { hostPath, modelDirectory, memoryLimit, log } = this.options;
    return new Promise((resolve) => {
      const keeper = new EngineProcess({
        hostPath,
        runtime,
        memoryLimit,
        onMessage: ({ type }) => {
          if (type === 'ready') {
            keeper.send({ type: 'keep-failure', modelDirectory, cacheDirectory, failure });
          } else {
            void keeper.dispose();
          }
        },
        onEnd: () => {
          resolve();
        },
        onLog: log,
      });
    });
  }
}
