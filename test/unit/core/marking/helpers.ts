import { expect } from 'vitest';
import { applyEdits, type MarkingResult } from '../../../../src/core/marking/index.js';
import type { Range } from '../../../../src/core/document/index.js';

/** A source in which `«` and `»` stand around what is selected; `«»` is the cursor. */
export function withSelection(marked: string): { readonly source: string; readonly range: Range } {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  return { source: marked.replace(/[«»]/g, ''), range: { start, end } };
}

/** The edited source with the new selection in it, or the refusal. */
export function shown(source: string, result: MarkingResult): string {
  if (!result.ok) {
    // Every refusal is a sentence or two.
    expect(result.reason).toMatch(/^[A-Z“].*\.$/);
    return `refused: ${result.reason}`;
  }
  const text = applyEdits(source, result.edits);
  const { start, end } = result.selection;
  return `${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`;
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
