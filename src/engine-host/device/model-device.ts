import type { GpuFailure, Provider } from '../../protocol/devices.js';

/** Where a model runs: what it was given, until that fails once; from then on the CPU. */
export class ModelDevice {
  #failed = false;

  /** @param onFailure is told what happened, once, for the log and for the next start */
  constructor(
    private readonly given: Provider,
    private readonly onFailure: (failure: GpuFailure) => void = () => undefined,
  ) {}

  get current(): Provider {
    return this.#failed ? 'cpu' : this.given;
  }

  /** Gives the GPU up. */
  fail(detail: string): void {
    if (this.#failed || this.given === 'cpu') return;
    this.#failed = true;
    this.onFailure({ device: this.given, detail });
  }
}
