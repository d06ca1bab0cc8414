import { Range as EditorRange, type TextDocument } from 'vscode';
import type { Range } from '../core/document/types.js';

/** UTF-16 offsets, as everything outside of the editor counts. */
export function rangeOf(document: TextDocument, { start, end }: EditorRange): Range {
  return { start: document.offsetAt(start), end: document.offsetAt(end) };
}

export function editorRange(document: TextDocument, { start, end }: Range): EditorRange {
  return new EditorRange(document.positionAt(start), document.positionAt(end));
}
