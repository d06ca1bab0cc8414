import { l10n, type TextDocument, type TextEditor, window } from 'vscode';
import { Refusal } from '../failure.js';

/** The editor of a Markdown document that has the focus, or had it last. */
export function activeEditor(): TextEditor {
  const editor = window.activeTextEditor ?? window.visibleTextEditors.find(isMarkdown);
  if (editor !== undefined && isMarkdown(editor)) return editor;
  throw new Refusal(l10n.t('Open a Markdown document first.'));
}

export function activeDocument(): TextDocument {
  return activeEditor().document;
}

function isMarkdown({ document }: TextEditor): boolean {
  return document.languageId === 'markdown';
}
