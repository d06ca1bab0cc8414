import { l10n, Selection, type TextEditor, window } from 'vscode';
import type { MarkingRefusal } from '../../core/marking/index.js';
import type { Range, TextEdit } from '../../core/document/types.js';
import { Refusal } from '../failure.js';
import { editorRange } from '../offsets.js';

interface Marking {
  readonly ok: true;
  readonly edits: readonly TextEdit[];
  /** What to select afterwards; left out, the selections are where they were. */
  readonly selections?: readonly Range[];
}

/**
 * Makes the edits of a marking command, as one undo step.
 * @param version of the document that `result` was made for
 * @throws Refusal with the command's reason, or when the document has changed or its editor was closed meanwhile
 */
export async function applyMarking(
  editor: TextEditor,
  version: number,
  result: Marking | MarkingRefusal,
): Promise<void> {
  if (!result.ok) throw new Refusal(result.reason);
  const { document } = editor;
  const applied = document.version === version && (await makeEdits(editor, result.edits));
  // An editor that is read-only says that it has edited, and has not.
  if (applied && result.edits.length > 0 && document.version === version) {
    throw new Refusal(l10n.t('This document is read-only; it cannot be marked.'));
  }
  if (!applied) throw new Refusal(l10n.t('The document has just changed; nothing was marked. Try again.'));
  if (result.selections === undefined) return;
  editor.selections = result.selections.map((range) => {
    const { start, end } = editorRange(document, range);
    return new Selection(start, end);
  });
}

async function makeEdits(editor: TextEditor, edits: readonly TextEdit[]): Promise<boolean> {
  const { document } = editor;
  try {
    return await editor.edit((builder) => {
      for (const { range, text } of edits) builder.replace(editorRange(document, range), text);
    });
  } catch (error) {
    if (window.visibleTextEditors.includes(editor)) throw error;
    throw new Refusal(l10n.t('The editor was closed meanwhile; nothing was marked.'));
  }
}
