import { expect } from 'vitest';
import {
  applyResults,
  parseDocument,
  toSegments,
  type MarkedDocument,
  type SegmentResult,
} from '../../../../src/core/document/index.js';
import type { Segment } from '../../../../src/protocol/segments.js';

/** The document, which must be without errors. */
export function parsed(source: string): MarkedDocument {
  const result = parseDocument(source);
  if (!result.ok) throw new Error(`${result.error.line}:${result.error.column} ${result.error.message}`);
  return result.document;
}

/** What each mask replaces, in short: `inline <!--mask/-->`. */
export function masksOf(source: string): string[] {
  const { masks } = parsed(source);
  return masks.map(({ form, range }) => `${form} ${source.slice(range.start, range.end)}`);
}

/** The error as `line:column code`; the test fails when there is none. */
export function errorOf(source: string): string {
  const result = parseDocument(source);
  expect(result.ok, 'the document should have an error').toBe(false);
  if (result.ok) return '';
  const { line, column, code, message } = result.error;
  // Every message is one sentence or two that end with a full stop.
  expect(message).toMatch(/^[A-Z“`].*\.$/);
  return `${line}:${column} ${code}`;
}

/** Segments in short: texts as they are, spans as [id text], pictures as {id}. */
export function modelForm(source: string, include = true): string {
  return segmentsOf(source, include)
    .map((segment) => {
      if (segment.kind === 'text') return segment.text;
      return segment.kind === 'span' ? `[${segment.id}${segment.text}]` : `{${segment.id}}`;
    })
    .join('');
}

export function segmentsOf(source: string, include = true): Segment[] {
  const resolvePicture = (destination: string): string => `/docs/${destination}`;
  return toSegments(parsed(source), { include: () => include, resolvePicture }).segments;
}

/** The document with results: a text for each id, or a destination where it begins with `→`. */
export function applied(source: string, results: Readonly<Record<string, string>>): string {
  const entries = Object.entries(results).map(([id, result]): [string, SegmentResult] => [
    id,
    result.startsWith('→') ? { destination: result.slice(1) } : { text: result },
  ]);
  return applyResults(parsed(source), new Map(entries));
}
