import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { settingNames } from '../../../src/editor/settings.js';
import { extension } from '../support/extension.js';
import { workspaceFolder } from '../support/documents.js';
import { until } from '../support/until.js';

suite('settings', () => {
  test('are those that the extension reads', () => {
    const { contributes } = extension().packageJSON as {
      contributes: { configuration: { properties: Record<string, unknown> } };
    };
    const named = settingNames.map((name) => `oneflow.${name}`);
    assert.deepEqual(Object.keys(contributes.configuration.properties).sort(), named.sort());
  });

  test('that name programs and models are not taken from a workspace', async () => {
    const file = vscode.Uri.joinPath(workspaceFolder(), '.vscode', 'settings.json');
    const evil = { 'oneflow.model': '/tmp/evil', 'oneflow.nodePath': '/tmp/evil', 'oneflow.steps': 2 };
    await vscode.workspace.fs.writeFile(file, Buffer.from(JSON.stringify(evil)));
    try {
      const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('oneflow');
      await until('the settings to be read', () => settings().get('steps') === 2);
      assert.equal(settings().get('model'), '');
      assert.equal(settings().get('nodePath'), '');
    } finally {
      await vscode.workspace.fs.delete(file);
      await until(
        'the settings to be gone',
        () => vscode.workspace.getConfiguration('oneflow').get('steps') === 0,
      );
    }
  });
});
