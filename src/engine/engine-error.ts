import type { EngineErrorValue } from '../protocol/engine-messages.js';

/** Why a load, a run or a verification failed. `code` is stable, `message` is one sentence for the author. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorValue['code'],
    message: string,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}
