import path from 'node:path';
import * as vscode from 'vscode';
import type { Hunk } from '../../../src/protocol/review.js';
import { testing } from './extension.js';
import { until } from './until.js';

let documents = 0;

/** The folder that is open: a copy made for this run. */
export function workspaceFolder(): vscode.Uri {
  return vscode.workspace.workspaceFolders![0]!.uri;
}

/** A new Markdown file in a folder of its own, shown in an editor. */
export async function open(text: string, name = 'document.md'): Promise<vscode.TextEditor> {
  documents += 1;
  const uri = vscode.Uri.joinPath(workspaceFolder(), `test-${documents}`, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
}

/** The same of a file that nothing but its editor keeps open. */
export async function openUnheld(text: string): Promise<vscode.TextEditor> {
  documents += 1;
  const uri = vscode.Uri.joinPath(workspaceFolder(), `test-${documents}`, 'document.md');
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  await vscode.commands.executeCommand('vscode.open', uri);
  return until('the editor', () => {
    const active = vscode.window.activeTextEditor;
    return active?.document.uri.toString() === uri.toString() && active;
  });
}

/** Closes the editors of such a document, and so the document. */
export async function leave(document: vscode.TextDocument): Promise<void> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  await vscode.window.tabGroups.close(
    tabs.filter(
      ({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === document.uri.toString(),
    ),
  );
  await until('the document to close', () => document.isClosed);
}

/** A new Markdown document that has no file yet, shown in an editor. */
export async function openUntitled(content: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(
    await vscode.workspace.openTextDocument({ language: 'markdown', content }),
  );
}

/** What is under review in a document, by place. */
export function hunksOf({ uri }: Pick<vscode.TextDocument, 'uri'>): readonly Hunk[] {
  return testing().hunksOf(uri);
}

export function statesOf(document: vscode.TextDocument): string[] {
  return hunksOf(document).map(({ state }) => state);
}

/** Waits until the hunks of a document are in these states, by place. */
export async function untilStates(document: vscode.TextDocument, ...states: string[]): Promise<void> {
  await until(`hunks to be ${states.join(', ')}; they are ${statesOf(document).join(', ') || 'none'}`, () =>
    states.join() === statesOf(document).join() ? true : undefined,
  );
}

/** Runs a command of the extension, as its palette entry does. */
export function run(command: string, ...args: unknown[]): Thenable<unknown> {
  return vscode.commands.executeCommand(`oneflow.${command}`, ...args);
}

/** What a lens or an item of the tree gives to a command on the nth hunk. */
export function hunkArgument(document: vscode.TextDocument, index: number): { uri: string; hunk: string } {
  return { uri: document.uri.toString(), hunk: hunksOf(document)[index]!.id };
}

/** Types at an offset of the document, which need not be where the cursor is. */
export async function insert({ document }: vscode.TextEditor, offset: number, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, document.positionAt(offset), text);
  await vscode.workspace.applyEdit(edit);
}

/** Replaces a part of the document, given by its text, which must stand there once. */
export async function replace({ document }: vscode.TextEditor, part: string, text: string): Promise<void> {
  const start = document.getText().indexOf(part);
  if (start < 0) throw new Error(`The document does not hold ${JSON.stringify(part)}.`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(
    document.uri,
    new vscode.Range(document.positionAt(start), document.positionAt(start + part.length)),
    text,
  );
  await vscode.workspace.applyEdit(edit);
}

/**
 * Renames a file as the explorer does; gives the document under its new name, shown in an editor. Of a folder, which
 * may be moved so, too, it is one of its files.
 */
export async function rename(from: vscode.Uri, name: string, file?: string): Promise<vscode.TextDocument> {
  const to = vscode.Uri.joinPath(from, '..', name);
  const edit = new vscode.WorkspaceEdit();
  edit.renameFile(from, to);
  await vscode.workspace.applyEdit(edit);
  const uri = file === undefined ? to : vscode.Uri.joinPath(to, file);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

/** Selects a part of the document, given by its text; with `''` after it, puts the cursor there. */
export function select(editor: vscode.TextEditor, part: string, length = part.length): void {
  const { document } = editor;
  const start = document.getText().indexOf(part);
  if (start < 0) throw new Error(`The document does not hold ${JSON.stringify(part)}.`);
  editor.selection = new vscode.Selection(document.positionAt(start), document.positionAt(start + length));
}

/** Selects several parts of the document, each given by its text; `|part` is a cursor before it. */
export function selectEach(editor: vscode.TextEditor, ...parts: readonly string[]): void {
  editor.selections = parts.map((part) => {
    select(editor, part.replace(/^\|/, ''), part.startsWith('|') ? 0 : undefined);
    return editor.selection;
  });
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  return Promise.resolve(vscode.workspace.fs.stat(uri)).then(
    () => true,
    () => false,
  );
}

/** Names in the folder of a document, or in a folder below it. */
export async function namesBeside(document: vscode.TextDocument, folder = '.'): Promise<string[]> {
  const uri = vscode.Uri.joinPath(document.uri, '..', folder);
  if (!(await exists(uri))) return [];
  return (await vscode.workspace.fs.readDirectory(uri)).map(([name]) => name).sort();
}

export const beside = (document: vscode.TextDocument, name: string): vscode.Uri =>
  vscode.Uri.file(path.join(path.dirname(document.uri.fsPath), name));

export async function closeAll(): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

/** Does `work` while the active editor takes no edits. */
export async function whileReadOnly(work: () => Thenable<unknown>): Promise<void> {
  await vscode.commands.executeCommand('workbench.action.files.setActiveEditorReadonlyInSession');
  try {
    await work();
  } finally {
    await vscode.commands.executeCommand('workbench.action.files.resetActiveEditorReadonlyInSession');
  }
}
