import {
  type DocumentError,
  type DocumentWarning,
  type MarkedDocument,
  type Mask,
  maskOfSegment,
  parseDocument,
} from '../core/document/index.js';
import { EngineError } from '../engine/index.js';
import { CliFailure } from './failure.js';
import { readSource } from './source-file.js';

/** Reads and parses a document. Whatever is wrong with it is a `CliFailure` with its place. */
export function readDocument(file: string): MarkedDocument {
  const parsed = parseDocument(readSource(file));
  if (!parsed.ok) throw documentFailure(file, parsed.error);
  return parsed.document;
}

/** What the engine found wrong with a mark, with its place; any other error as it is. */
export function placedFailure(file: string, masks: readonly Mask[], error: unknown): unknown {
  const segment = error instanceof EngineError ? error.segment : undefined;
  const mask = segment === undefined ? undefined : masks.find(({ id }) => id === maskOfSegment(segment));
  if (mask === undefined) return error;
  const { code, message } = error as EngineError;
  return new CliFailure(code, message, { file, line: mask.line, column: mask.column });
}

export function documentFailure(file: string, { code, message, line, column }: DocumentError): CliFailure {
  return new CliFailure('bad-document', message, { file, line, column }, code);
}

/** A warning as compilers say it. */
export function warningLine(
  file: string,
  { line, column, message }: Pick<DocumentWarning, 'line' | 'column' | 'message'>,
): string {
  return `${file}:${line}:${column}: ${message}`;
}
