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

  test('binds keys under conditions that VS Code knows', async () => {
    const known = await vscode.commands.executeCommand<{ key: string }[]>('getContextKeyInfo');
    const keys = new Set(known.map(({ key }) => key));
    const named = manifest().contributes.keybindings.flatMap(({ when }) =>
      when.split(' && ').map((term) => term.replace(/^!/, '').replace(/ ==.*/, '')),
    );
    const unknown = named.filter((key) => !keys.has(key) && !key.startsWith('oneflow.'));
    assert.deepEqual(unknown, []);
  });

  test('stops a run by Escape only where Escape has nothing else to do', () => {
    const { when } = manifest().contributes.keybindings.find(({ key }) => key === 'escape')!;
    const terms = when.split(' && ');
    const open = [
      'editorHoverVisible',
      'suggestWidgetVisible',
      'findWidgetVisible',
      'markersNavigationVisible',
    ];
    for (const key of ['editorHasSelection', 'editorHasMultipleSelections', ...open]) {
      assert.ok(terms.includes(`!${key}`), key);
    }
    assert.ok(terms.includes('editorLangId == markdown'));
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
