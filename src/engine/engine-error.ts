import type { EngineErrorValue } from '../protocol/engine-messages.js';

/** Why a load, a run or a verification failed. `code` is stable, `message` is one sentence for the author. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorValue['code'],
    message: string,
    /** The segment of the request that it is about. */
    readonly segment?: string,
  ) {
    super(message);
    this.name = 'EngineError';
  }

  /** Whether asking for the same again may well succeed: the process died, and the next run gets a fresh one. */
  get canRetry(): boolean {
    return this.code === 'engine-died';
  }
}

/** The sentence for everything that was under way, or is asked for, when the engine is disposed. */
export function stopped(phase?: string): EngineError {
  return new EngineError('run-failed', `The engine was stopped${phase === undefined ? '' : ` ${phase}`}.`);
}
