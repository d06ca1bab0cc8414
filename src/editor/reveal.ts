import {
  l10n,
  Range as EditorRange,
  Selection,
  TabInputText,
  TabInputWebview,
  type TextDocument,
  type TextDocumentShowOptions,
  type TextEditor,
  TextEditorRevealType,
  type Uri,
  ViewColumn,
  window,
} from 'vscode';
import { Refusal } from './failure.js';

/** Puts the cursor of an editor of `document` at an offset, and shows the place up to `end`. */
export async function revealPlace(document: TextDocument, start: number, end = start): Promise<void> {
  const editor = await showDocument(document);
  const at = document.positionAt(start);
  editor.selection = new Selection(at, at);
  editor.revealRange(
    new EditorRange(at, document.positionAt(end)),
    TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

/**
 * An editor of a document: where it is open already, else not on top of a preview.
 * @throws Refusal for a cell of a notebook that nobody edits: it would be opened outside of its notebook
 */
export async function showDocument(
  document: TextDocument,
  options: TextDocumentShowOptions = {},
): Promise<TextEditor> {
  if (!isCell(document)) {
    return window.showTextDocument(document, { ...options, viewColumn: columnOf(document.uri) });
  }
  // Of a notebook that is hidden the editors of cells still count as visible ones.
  const isShown = window.visibleNotebookEditors.some(({ notebook }) =>
    notebook.getCells().some((cell) => cell.document === document),
  );
  const editor = window.visibleTextEditors.find((visible) => visible.document === document);
  if (isShown && editor !== undefined) return editor;
  throw new Refusal(l10n.t('This cell of a notebook is not being edited; begin to edit it, and try again.'));
}

export function isCell({ uri }: TextDocument): boolean {
  return uri.scheme === 'vscode-notebook-cell';
}

/** Where a document is open already, as a tab in the background too; else `otherwise`. */
export function columnOf(document: Uri, otherwise = freeColumn()): ViewColumn {
  const key = document.toString();
  const editor = [window.activeTextEditor, ...window.visibleTextEditors].find(
    (visible) => visible?.document.uri.toString() === key,
  );
  const group = window.tabGroups.all.find(({ tabs }) =>
    tabs.some(({ input }) => input instanceof TabInputText && input.uri.toString() === key),
  );
  return editor?.viewColumn ?? group?.viewColumn ?? otherwise;
}

/** The first that shows no preview, whosever it is. */
function freeColumn(): ViewColumn {
  const group = window.tabGroups.all.find(({ activeTab }) => !(activeTab?.input instanceof TabInputWebview));
  return group?.viewColumn ?? ViewColumn.Beside;
}
