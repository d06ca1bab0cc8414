/** Why a command ended without doing its work. */
export type FailureCode =
  | 'usage'
  | 'bad-input'
  | 'bad-document'
  | 'no-marks'
  | 'output-exists'
  | 'bad-output'
  | 'write-failed'
  | 'bad-model'
  | 'run-failed'
  | 'out-of-memory'
  | 'engine-died'
  | 'engine-unavailable'
  | 'interrupted'
  | 'internal';

/** Exit codes of the command line; part of its contract. */
export const exitCodes = { done: 0, runFailed: 1, badInput: 2, badModel: 3, interrupted: 130 } as const;

const exitCodeOf: Readonly<Record<FailureCode, number>> = {
  usage: exitCodes.badInput,
  'bad-input': exitCodes.badInput,
  'bad-document': exitCodes.badInput,
  'no-marks': exitCodes.badInput,
  'output-exists': exitCodes.badInput,
  'bad-output': exitCodes.badInput,
  'write-failed': exitCodes.runFailed,
  'bad-model': exitCodes.badModel,
  'run-failed': exitCodes.runFailed,
  'out-of-memory': exitCodes.runFailed,
  'engine-died': exitCodes.runFailed,
  'engine-unavailable': exitCodes.runFailed,
  interrupted: exitCodes.interrupted,
  internal: exitCodes.runFailed,
};

/** Where in which file, 1-based. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A failure that the author is told of in one sentence. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  /** Set when `code` comes from the document's own errors, which have finer codes. */
  readonly reportedCode: string;

  constructor(
    readonly code: FailureCode,
    message: string,
    readonly place?: FilePlace,
    reportedCode: string = code,
  ) {
    super(message);
    this.reportedCode = reportedCode;
  }

  get exitCode(): number {
    return exitCodeOf[this.code];
  }

  /** As compilers say it: `file:line:column: message`. */
  get line(): string {
    const { place, message } = this;
    return place ? `${place.file}:${place.line}:${place.column}: ${message}` : `oneflow: ${message}`;
  }
}
