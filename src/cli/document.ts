import {
  type DocumentError,
  type DocumentWarning,
  type MarkedDocument,
  parseDocument,
} from '../core/document/index.js';
import { CliFailure } from './failure.js';
import { readSource } from './source-file.js';

/** Reads and parses a document. Whatever is wrong with it is a `CliFailure` with its place. */
export function readDocument(file: string): MarkedDocument {
  const parsed = parseDocument(readSource(file));
  if (!parsed.ok) throw documentFailure(file, parsed.error);
  return parsed.document;
}

export function documentFailure(file: string, { code, message, line, column }: DocumentError): CliFailure {
  return new CliFailure('bad-document', message, { file, line, column }, code);
}

/** A warning as compilers say it. */
export function warningLine(file: string, { line, column, message }: DocumentWarning): string {
  return `${file}:${line}:${column}: ${message}`;
}
