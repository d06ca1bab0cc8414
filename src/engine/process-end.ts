/** What the end of the engine process means. */
import { EngineError } from './engine-error.js';
import type { ProcessEnd } from './engine-process.js';

/** Whether an end may be a driver's doing: not memory that ran out, nor somebody who killed the process. */
export function mayBeOfGpu(end: ProcessEnd): boolean {
  return end.kind === 'hang' || (end.kind === 'exit' && end.isCrash);
}

/** For inside a sentence. */
export function describeEnd(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exit':
      return end.how;
    case 'hang':
      return `no answer for ${end.seconds} s`;
    case 'out-of-memory':
      return 'out of memory';
  }
}

/**
 * The error for whoever was waiting for the process.
 * @param phase for the end of a sentence: `during the run`
 * @param isLoad whether it was loading, so that no run is to blame
 */
export function died(end: ProcessEnd, phase: string, isLoad: boolean): EngineError {
  const smaller = isLoad ? 'choose a smaller model' : 'mask less at once';
  switch (end.kind) {
    case 'exit':
      return new EngineError(
        'engine-died',
        `The engine process ended unexpectedly (${end.how}) ${phase}; try again.`,
      );
    case 'hang':
      return new EngineError(
        'engine-died',
        `The engine process did not answer for ${end.seconds} seconds ${phase} and was stopped; try again.`,
      );
    case 'out-of-memory':
      return new EngineError(
        'out-of-memory',
        end.scope === 'engine'
          ? `The engine reached the limit of its memory ${phase} and was stopped; ${smaller}.`
          : `The system was running out of memory ${phase}, so the engine was stopped; close other programs or ${smaller}.`,
      );
  }
}
