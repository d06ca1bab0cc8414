import type { Range, TextEdit } from './types.js';

/** `source` with the ascending, disjoint `edits` made. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { range, text } of edits) {
    parts.push(source.slice(at, range.start), text);
    at = range.end;
  }
  parts.push(source.slice(at));
  return parts.join('');
}

export function insertion(offset: number, text: string): TextEdit {
  return { range: { start: offset, end: offset }, text };
}

export function deletion(range: Range): TextEdit {
  return { range, text: '' };
}

/** Where `offset` of a source is after `edits`; behind what is put in right there. */
export function moved(offset: number, edits: readonly TextEdit[]): number {
  let by = 0;
  for (const { range, text } of edits) {
    if (range.end <= offset) by += text.length - (range.end - range.start);
    else if (range.start < offset) by += range.start + text.length - offset;
  }
  return offset + by;
}
