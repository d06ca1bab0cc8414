import { l10n, type TextDocument, type TextEditor, Uri, window, workspace } from 'vscode';
import { Refusal } from '../failure.js';
import { comparedHunk } from '../review/hunk-diff.js';

/** The editor of a Markdown document that has the focus, or had it last. */
export function activeEditor(): TextEditor {
  const document = activeMarkdown() ?? (window.activeTextEditor ? undefined : visibleMarkdown());
  const editor =
    window.activeTextEditor?.document === document
      ? window.activeTextEditor
      : window.visibleTextEditors.find((other) => other.document === document);
  if (editor !== undefined) return editor;
  throw new Refusal(l10n.t('Open a Markdown document first.'));
}

export function activeDocument(): TextDocument {
  return activeEditor().document;
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

function visibleMarkdown(): TextDocument | undefined {
  return window.visibleTextEditors.find(({ document }) => document.languageId === 'markdown')?.document;
}
