import * as vscode from 'vscode';

/** The extension under test. */
export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension('oneflow.oneflow');
  if (found === undefined) throw new Error('The extension is not there.');
  return found;
}
