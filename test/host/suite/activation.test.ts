import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { extension, manifest } from '../support/extension.js';

suite('activation', () => {
  test('registers every command that the manifest names, and no other', async () => {
    await extension().activate();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('oneflow.'));
    const named = manifest().contributes.commands.map(({ command }) => command);
    // Views bring commands of their own, such as `oneflow.marks.focus`.
    const own = registered.filter(
      (id) => !/\.(focus|open|toggleVisibility|resetViewLocation|removeView)$/.test(id),
    );
    assert.deepEqual(own.sort(), named.sort());
  });

  test('loads nothing native into the extension host', async () => {
    await extension().activate();
    const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
    assert.deepEqual(
      sharedObjects.filter((file) => /onnxruntime|sharp|vips/.test(file)),
      [],
    );
  });
});
