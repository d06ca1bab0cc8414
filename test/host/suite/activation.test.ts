import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { extension } from '../support/extension.js';

suite('activation', () => {
  test('registers every command that the manifest names, and no other', async () => {
    await extension().activate();
    const registered = (await vscode.commands.getCommands(true)).filter((id) => id.startsWith('oneflow.'));
    const { contributes } = extension().packageJSON as { contributes: { commands: { command: string }[] } };
    const named = contributes.commands.map(({ command }) => command);
    // Views bring commands of their own, such as `oneflow.marks.focus`.
    const own = registered.filter(
      (id) => !/\.(focus|open|toggleVisibility|resetViewLocation|removeView)$/.test(id),
    );
    assert.deepEqual(own.sort(), named.sort());
  });

  test('loads neither the engine nor the parser into the extension host', async () => {
    await extension().activate();
    const loaded = Object.keys(require.cache).filter((file) =>
      /node_modules[/\\](onnxruntime-node|onnxruntime-common|sharp|markdown-it)[/\\]/.test(file),
    );
    assert.deepEqual(loaded, []);
  });
});
