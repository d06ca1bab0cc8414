import { l10n, type TextDocument, type TextEditor, Uri, window, workspace } from 'vscode';
import { comparedHunk } from '../compared-hunk.js';
import { Refusal } from '../failure.js';
import type { WorkedOn } from './worked-on.js';

/**
 * The editor of the Markdown document that is worked on.
 * @throws Refusal when no editor shows one
 */
export function activeEditor(workedOn: WorkedOn): TextEditor {
  return editorOf(activeDocument(workedOn)) ?? refuse();
}

/**
 * The Markdown document that is worked on.
 * @throws Refusal when there is none
 */
export function activeDocument(workedOn: WorkedOn): TextDocument {
  return workedOn.document ?? refuse();
}

/** An editor that shows the document: the one with the focus, if it does. */
export function editorOf(document: TextDocument): TextEditor | undefined {
  const active = window.activeTextEditor;
  if (active?.document === document) return active;
  return window.visibleTextEditors.find((other) => other.document === document);
}

/** The offset of the cursor in a document; before its text when no editor shows it. */
export function cursorIn(document: TextDocument): number {
  const editor = editorOf(document);
  return editor ? document.offsetAt(editor.selection.active) : -1;
}

/** The Markdown document that has the focus; where a suggestion for one is compared, that one. */
export function activeMarkdown(): TextDocument | undefined {
  const document = window.activeTextEditor?.document;
  const compared = document && comparedHunk(document.uri);
  const meant = compared ? openDocument(compared.uri) : document;
  return meant?.languageId === 'markdown' ? meant : undefined;
}

/**
 * The document that a lens, an item of the tree or the preview names.
 * @throws Refusal when it is gone
 */
export async function namedDocument(uri: string): Promise<TextDocument> {
  try {
    return await workspace.openTextDocument(Uri.parse(uri));
  } catch {
    throw new Refusal(l10n.t('This document is not there any more.'));
  }
}

function openDocument(uri: string): TextDocument | undefined {
  return workspace.textDocuments.find((document) => document.uri.toString() === uri);
}

export function visibleMarkdown(): TextDocument | undefined {
  return window.visibleTextEditors.find(({ document }) => document.languageId === 'markdown')?.document;
}

function refuse(): never {
  throw new Refusal(l10n.t('Open a Markdown document first.'));
}
