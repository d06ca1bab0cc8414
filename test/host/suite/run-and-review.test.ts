import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';

const lensesOf = async (uri: vscode.Uri): Promise<vscode.CodeLens[]> =>
  vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 1000);

suite('a run on a document', () => {
  test('proposes pictures, and an accept is one undo step that brings the hunk back', async function () {
    this.timeout(120000);
    const folder = vscode.workspace.workspaceFolders![0]!.uri;
    const uri = vscode.Uri.joinPath(folder, 'soup.md');
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const before = document.getText();
    const run = await vscode.commands.executeCommand<{ state: string; failure?: string }>(
      'oneflow.fillImagePlaceholders',
    );
    assert.equal(run.state, 'finished', run.failure);
    assert.equal(document.getText(), before);
    const accepts = (await lensesOf(uri)).filter(({ command }) => command?.command === 'oneflow.acceptHunk');
    assert.ok(accepts.length > 0);
    await vscode.commands.executeCommand(
      'oneflow.acceptHunk',
      ...(accepts[0]!.command!.arguments as unknown[]),
    );
    assert.notEqual(document.getText(), before);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    const again = (await lensesOf(uri)).filter(({ command }) => command?.command === 'oneflow.acceptHunk');
    assert.equal(again.length, accepts.length);
  });
});
