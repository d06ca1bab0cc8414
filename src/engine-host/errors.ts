import type { EngineErrorValue } from '../protocol/engine-messages.js';

/** A failure with a message for the author; everything else that is thrown here is a bug or a broken runtime. */
export class HostError extends Error {
  /** The segment of the request that it is about. */
  readonly segment: string | undefined;

  constructor(
    readonly code: EngineErrorValue['code'],
    message: string,
    { segment, ...options }: ErrorOptions & { readonly segment?: string } = {},
  ) {
    super(message, options);
    this.name = 'HostError';
    this.segment = segment;
  }
}

/** The model package is not what it should be. `message` names the file and what is wrong with it. */
export function badModel(message: string, options?: ErrorOptions): HostError {
  return new HostError('bad-model', message, options);
}

/** Turns whatever was thrown into what crosses the process boundary. */
export function toErrorValue(thrown: unknown): EngineErrorValue {
  if (thrown instanceof HostError) {
    const { code, message, segment } = thrown;
    return { code, message, ...(segment !== undefined && { segment }) };
  }
  return { code: 'run-failed', message: `The engine failed unexpectedly: ${firstLine(thrown)}` };
}

/** The first line of an error's message, without the mark at its end, to stand inside a sentence. */
export function firstLine(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return (message.split('\n', 1)[0] ?? '').trim().replace(/[.:]$/, '');
}

/** All that is known of why something failed, on one line, for a log: the lines too that the runtime itself added. */
export function wholeReason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const { message, cause } = thrown;
  const added = cause instanceof Error ? cause.message.split('\n').slice(1) : [];
  const lines = [...message.split('\n'), ...added].map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .join(' | ')
    .replace(/[.:]$/, '');
}
