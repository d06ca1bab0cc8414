import { expect } from 'vitest';
import { applyEdits, type MarkingResult } from '../../../../src/core/marking/index.js';
import type { Range } from '../../../../src/core/document/index.js';

/** A source in which `«` and `»` stand around what is selected; `«»` is a cursor. */
export function withSelections(marked: string): {
  readonly source: string;
  readonly ranges: readonly Range[];
} {
  const ranges = [...marked.matchAll(/«([^»]*)»/g)].map(({ 1: selected, index }, count) => {
    const start = index - 2 * count;
    return { start, end: start + selected!.length };
  });
  return { source: marked.replace(/[«»]/g, ''), ranges };
}

/** `withSelections` where there is one. */
export function withSelection(marked: string): { readonly source: string; readonly range: Range } {
  const { source, ranges } = withSelections(marked);
  return { source, range: ranges[0]! };
}

/** The edited source with the new selections in it, or the refusal. */
export function shown(source: string, result: MarkingResult): string {
  if (!result.ok) {
    // Every refusal is a sentence or two.
    expect(result.reason).toMatch(/^[A-Z“].*\.$/);
    return `refused: ${result.reason}`;
  }
  return result.selections.reduceRight(
    (text, { start, end }) => `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`,
    applyEdits(source, result.edits),
  );
}

/** `shown` with the marks in short: `{` and `}` for `<!--mask-->` and `<!--/mask-->`, `{}` for an empty one. */
export function inShort(text: string): string {
  return text.replaceAll('<!--mask/-->', '{}').replaceAll('<!--mask-->', '{').replaceAll('<!--/mask-->', '}');
}

/** The inverse of `inShort`. */
export function inFull(short: string): string {
  return short
    .replaceAll('{}', '<!--mask/-->')
    .replaceAll('{', '<!--mask-->')
    .replaceAll('}', '<!--/mask-->');
}
