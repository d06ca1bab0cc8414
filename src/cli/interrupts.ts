import { exitCodes } from './failure.js';
import type { Output } from './output.js';

export interface Interrupts {
  /** Aborted by the first Ctrl-C (or SIGTERM): the run ends with its current estimate. */
  readonly signal: AbortSignal;
  /** Gives the signals back to the system. */
  dispose(): void;
}

/** Listens to SIGINT and SIGTERM. The second one ends this process at once, and the engine with it. */
export function watchInterrupts(output: Output): Interrupts {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.interrupted);
    controller.abort();
    output.note('Stopping; press Ctrl-C again to leave at once.');
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    signal: controller.signal,
    dispose: () => {
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
    },
  };
}
