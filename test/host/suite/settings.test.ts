import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { settingNames } from '../../../src/editor/settings.js';
import { extension } from '../support/extension.js';
import { open, run, workspaceFolder } from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

suite('settings', () => {
  const messages = messagesOfTests();
  suiteTeardown(useEmbeddedModel);

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

  test('that no run can be made with are refused by their name', async () => {
    const engine = await useScriptedEngine();
    await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    const settings = vscode.workspace.getConfiguration('oneflow');
    const refused: readonly [name: string, value: unknown, message: string][] = [
      ['strength', 60, '`oneflow.strength` is 60; write a number from 0 to 1.'],
      ['steps', 2000, '`oneflow.steps` is 2000; write a whole number from 0 to 1000.'],
      ['seed', -1, '`oneflow.seed` is -1; write a whole number from 0 to 4294967295.'],
      ['guidance', 'high', '`oneflow.guidance` is "high"; write a number from 0 to 20.'],
      ['imageSize', 1, '`oneflow.imageSize` is 1; write a whole number from 16 to 2048.'],
      ['device', 'gpu', '`oneflow.device` is "gpu"; write one of auto, cpu, webgpu, cuda, dml, coreml.'],
      ['threads', 0.5, '`oneflow.threads` is 0.5; write a whole number from 0 to 64.'],
      ['threads', '4', '`oneflow.threads` is "4"; write a whole number from 0 to 64.'],
      ['unloadAfter', 1e5, '`oneflow.unloadAfter` is 100000; write a whole number from 0 to 1440.'],
    ];
    for (const [name, value, message] of refused) {
      await settings.update(name, value, vscode.ConfigurationTarget.Workspace);
      try {
        await run('refineDocument');
        assert.deepEqual(messages.shown, [message]);
      } finally {
        await settings.update(name, undefined, vscode.ConfigurationTarget.Workspace);
      }
      messages.clear();
    }
    assert.equal(engine.requests.length, 0);
  });

  test('that no picture can be placed with are refused, or left out', async () => {
    await useScriptedEngine();
    const { document } = await open('![a red tomato](mask:)\n');
    const { Workspace } = vscode.ConfigurationTarget;
    const settings = vscode.workspace.getConfiguration('oneflow');
    const markdown = vscode.workspace.getConfiguration('markdown');
    await run('fillImagePlaceholders');
    await settings.update('imageFolder', 5, Workspace);
    await markdown.update('copyFiles.destination', { '*.md': 7 }, Workspace);
    try {
      await run('acceptAll');
      assert.deepEqual(messages.shown, ['`oneflow.imageFolder` is 5; write a path, in quotation marks.']);
      await settings.update('imageFolder', undefined, Workspace);
      await run('acceptAll');
    } finally {
      await settings.update('imageFolder', undefined, Workspace);
      await markdown.update('copyFiles.destination', undefined, Workspace);
    }
    assert.equal(document.getText(), '![a red tomato](images/a-red-tomato.png)\n');
  });

  test('that are refused are opened when the author asks for them', async () => {
    await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    const settings = vscode.workspace.getConfiguration('oneflow');
    await settings.update('strength', 60, vscode.ConfigurationTarget.Workspace);
    try {
      messages.choose('Open Settings');
      await run('refineDocument');
      await until('the settings to open', () =>
        vscode.window.tabGroups.activeTabGroup.activeTab?.label.startsWith('Settings'),
      );
    } finally {
      await settings.update('strength', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
