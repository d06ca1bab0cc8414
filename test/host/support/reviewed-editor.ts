import * as vscode from 'vscode';
import { replaced, ReviewedDocument } from '../../property/reviewed-document.js';
import type { OffsetEdit, ReviewedEditor } from '../../property/review-trial.js';
import { until } from './until.js';

/** A document in VS Code, and a review that knows of it only what VS Code reports. */
export class VsCodeEditor extends ReviewedDocument implements ReviewedEditor, vscode.Disposable {
  readonly #editor: vscode.TextEditor;
  readonly #listener: vscode.Disposable;

  constructor(editor: vscode.TextEditor) {
    super(editor.document.getText());
    this.#editor = editor;
    this.#listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges, reason }) => {
      if (document === editor.document) {
        this.follow(contentChanges, document.getText(), reason !== undefined);
      }
    });
  }

  text(): string {
    return this.#editor.document.getText();
  }

  async edit(edits: readonly OffsetEdit[], everything: boolean): Promise<void> {
    if (!everything) return this.#replace(edits);
    const text = replaced(this.text(), edits);
    return this.#replace([{ start: 0, end: this.text().length, text }]);
  }

  lineEnd(): string {
    return this.#editor.document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  }

  async setLineEnd(lineEnd: string): Promise<void> {
    const eol = lineEnd === '\r\n' ? vscode.EndOfLine.CRLF : vscode.EndOfLine.LF;
    await this.#changing(() =>
      this.#editor.edit(
        (builder) => {
          builder.setEndOfLine(eol);
        },
        // VS Code makes a step of the line ends and another of the edits, of which there are none: they shall be one.
        { undoStopBefore: false, undoStopAfter: true },
      ),
    );
  }

  async undo(): Promise<void> {
    await this.#changing(() => vscode.commands.executeCommand('undo'));
  }

  async redo(): Promise<void> {
    await this.#changing(() => vscode.commands.executeCommand('redo'));
  }

  /** By the editor, which makes the edits as they are, or by the workspace, which makes them smaller first. */
  async accept(ids: readonly string[], variant: number): Promise<void> {
    const edits = this.editsOf(ids);
    if (variant % 2 === 0) return this.#replace(edits);
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits) {
      edit.replace(this.#editor.document.uri, this.#range(start, end), text);
    }
    await this.#changing(() => vscode.workspace.applyEdit(edit));
  }

  dispose(): void {
    this.#listener.dispose();
  }

  async #replace(edits: readonly OffsetEdit[]): Promise<void> {
    await this.#changing(() =>
      this.#editor.edit((builder) => {
        for (const { start, end, text } of edits) builder.replace(this.#range(start, end), text);
      }),
    );
  }

  /** Does something that changes the document, and waits until the change is told. */
  async #changing(change: () => Thenable<unknown>): Promise<void> {
    const { document } = this.#editor;
    const { version } = document;
    await change();
    await until('the document to change', () => (document.version > version ? true : undefined));
  }

  #range(start: number, end: number): vscode.Range {
    const { document } = this.#editor;
    return new vscode.Range(document.positionAt(start), document.positionAt(end));
  }
}
