import * as vscode from 'vscode';
import {
  acceptEdits,
  type Anchor,
  beginRun,
  emptyReview,
  endRun,
  type Proposal,
  rebase,
  rejectHunks,
  type Review,
} from '../../../src/core/review/index.js';
import { provenance } from '../../property/review-editor.js';
import type { OffsetEdit, ReviewedEditor } from '../../property/review-trial.js';
import { until } from './until.js';

/** A document in VS Code, and a review that knows of it only what VS Code reports. */
export class VsCodeEditor implements ReviewedEditor, vscode.Disposable {
  readonly #editor: vscode.TextEditor;
  readonly #listener: vscode.Disposable;
  #review: Review;

  constructor(editor: vscode.TextEditor) {
    this.#editor = editor;
    this.#review = emptyReview(editor.document.getText());
    this.#listener = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document !== editor.document || contentChanges.length === 0) return;
      this.#review = rebase(this.#review, contentChanges, document.getText());
    });
  }

  text(): string {
    return this.#editor.document.getText();
  }

  review(): Review {
    return this.#review;
  }

  async edit(edits: readonly OffsetEdit[], everything: boolean): Promise<void> {
    if (!everything) return this.#replace(edits);
    const text = [...edits]
      .sort((a, b) => b.start - a.start)
      .reduce(
        (result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end),
        this.text(),
      );
    return this.#replace([{ start: 0, end: this.text().length, text }]);
  }

  async undo(): Promise<void> {
    await this.#changing(() => vscode.commands.executeCommand('undo'));
  }

  async redo(): Promise<void> {
    await this.#changing(() => vscode.commands.executeCommand('redo'));
  }

  async begin(run: string, anchors: readonly Anchor[]): Promise<void> {
    this.#review = beginRun(this.#review, run, anchors, provenance, this.text());
  }

  async end(run: string, proposals: readonly Proposal[]): Promise<void> {
    this.#review = endRun(this.#review, run, proposals);
  }

  /** By the editor, which makes the edits as they are, or by the workspace, which makes them smaller first. */
  async accept(ids: readonly string[], variant: number): Promise<void> {
    const pictures = new Map(ids.map((id) => [id, `${id.replace(':', '-')}.png`]));
    const result = acceptEdits(this.#review, ids, pictures);
    if (!result.ok) throw new Error(result.message);
    this.#review = result.review;
    const edits = result.edits.map(({ range, text }) => ({ ...range, text }));
    if (variant % 2 === 0) return this.#replace(edits);
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of edits) {
      edit.replace(this.#editor.document.uri, this.#range(start, end), text);
    }
    await this.#changing(() => vscode.workspace.applyEdit(edit));
  }

  async reject(ids: readonly string[]): Promise<void> {
    this.#review = rejectHunks(this.#review, ids);
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
