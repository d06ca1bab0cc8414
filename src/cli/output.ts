import { exitCodes } from './failure.js';
import { systemReason } from './source-file.js';

/** Where the command line writes: stdout carries the result alone, stderr everything else. */
export interface Output {
  /** Writes one line of result, as it is. */
  result(line: string): void;
  /** Writes one line for the person at the terminal. */
  note(line: string): void;
  /** Writes to stderr as it is; for a progress bar. */
  raw(text: string): void;
  /** Whether stderr is a terminal that can overwrite a line. */
  readonly terminal: boolean;
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number;
}

/**
 * The output of this process. A reader that went away (`oneflow … | head -1`) ends the writing, not the run; a result
 * that cannot be written otherwise (a full disk) ends the process.
 */
export function processOutput(): Output {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    process.stderr.write(`oneflow: The result cannot be printed: ${systemReason(error)}.\n`);
    process.exit(exitCodes.runFailed);
  });
  // Nobody is left to be told.
  process.stderr.on('error', () => undefined);
  const terminal = process.stderr.isTTY && process.env['TERM'] !== 'dumb';
  return {
    terminal,
    result: (line) => process.stdout.write(`${line}\n`),
    // A progress bar may stand on the line.
    note: (line) => process.stderr.write(`${terminal ? '\r\u001b[K' : ''}${printable(line)}\n`),
    raw: (text) => process.stderr.write(text),
    get columns() {
      return process.stderr.columns || 80;
    },
  };
}

/** The same output without its notes. */
export function withoutNotes(output: Output): Output {
  return { ...output, note: () => undefined, raw: () => undefined };
}

/** Shows the control characters of names and documents as `?`, so that they cannot steer a terminal. */
export function printable(line: string): string {
  return line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '?');
}
