import {
  Range as EditorRange,
  Selection,
  type TextDocument,
  TextEditorRevealType,
  ViewColumn,
  window,
} from 'vscode';

/** Puts the cursor of an editor of `document` at an offset, and shows the place up to `end`. */
export async function revealPlace(document: TextDocument, start: number, end = start): Promise<void> {
  const editor = await window.showTextDocument(document, columnOf(document));
  const at = document.positionAt(start);
  editor.selection = new Selection(at, at);
  editor.revealRange(
    new EditorRange(at, document.positionAt(end)),
    TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

/** Where the document is open already; else where a preview does not stand. */
function columnOf(document: TextDocument): ViewColumn {
  return (
    window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ?? ViewColumn.One
  );
}
