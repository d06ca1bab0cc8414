import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setup, suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { storageName } from '../../../src/editor/files.js';
import {
  whileReadOnly,
  beside,
  exists,
  hunkArgument,
  hunksOf,
  namesBeside,
  open,
  openUntitled,
  run,
  statesOf,
  untilStates,
  workspaceFolder,
} from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { recording, useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const slot = (alt: string): string => `# Soup\n\n![${alt}](mask:)\n`;

/** The destination of the picture of a document. */
function destinationIn(document: vscode.TextDocument): string {
  const [, destination] = /\]\(([^)]*)\)/.exec(document.getText()) ?? [];
  return destination ?? '';
}

suite('pictures', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  async function drawn(text: string): Promise<vscode.TextDocument> {
    const { document } = await open(text);
    await run('fillImagePlaceholders');
    return document;
  }

  test('go to images/ beside the document, named after the alt text', async () => {
    const document = await drawn(slot('a red tomato'));
    assert.deepEqual(await namesBeside(document), ['document.md']);
    await run('acceptAll');
    assert.equal(document.getText(), '# Soup\n\n![a red tomato](images/a-red-tomato.png)\n');
    const png = await vscode.workspace.fs.readFile(beside(document, 'images/a-red-tomato.png'));
    assert.deepEqual(Buffer.from(png), Buffer.from(recording().result.pictures[0]!.png));
  });

  test('leave nothing but themselves beside the document', async () => {
    const document = await drawn(slot('a red tomato'));
    await run('acceptAll');
    assert.deepEqual(await namesBeside(document, 'images'), ['a-red-tomato.png']);
  });

  test('never replace a file: a taken name gets a number', async () => {
    const document = await drawn(slot('a red tomato'));
    const taken = beside(document, 'images/a-red-tomato.png');
    await vscode.workspace.fs.writeFile(taken, Buffer.from('mine'));
    await run('acceptAll');
    assert.equal(destinationIn(document), 'images/a-red-tomato-2.png');
    assert.equal(Buffer.from(await vscode.workspace.fs.readFile(taken)).toString(), 'mine');
  });

  test('give two pictures of one name two files', async () => {
    const document = await drawn('![Soup](mask:)\n\n![soup](mask:)\n');
    await run('acceptAll');
    assert.equal(document.getText(), '![Soup](images/soup.png)\n\n![soup](images/soup-2.png)\n');
  });

  async function whileCopiedTo(destination: string, work: () => Thenable<unknown>): Promise<void> {
    const settings = vscode.workspace.getConfiguration('markdown', workspaceFolder());
    const target = vscode.ConfigurationTarget.Workspace;
    await settings.update('copyFiles.destination', { '/test-*/**/*': destination }, target);
    try {
      await work();
    } finally {
      await settings.update('copyFiles.destination', undefined, target);
    }
  }

  test('go where markdown.copyFiles.destination says', async () => {
    const document = await drawn(slot('a red tomato'));
    await whileCopiedTo('pictures/of-${documentBaseName}/', () => run('acceptAll'));
    assert.equal(destinationIn(document), 'pictures/of-document/a-red-tomato.png');
    assert.ok(await exists(beside(document, destinationIn(document))));
  });

  test('get numbers where that setting gives all of them one name', async () => {
    const document = await drawn('![Soup](mask:)\n\n![tomato](mask:)\n');
    await whileCopiedTo('assets/${documentBaseName}.${fileExtName}', () => run('acceptAll'));
    assert.equal(document.getText(), '![Soup](assets/document.png)\n\n![tomato](assets/document-2.png)\n');
    assert.deepEqual(await namesBeside(document, 'assets'), ['document-2.png', 'document.png']);
  });

  test('never leave the workspace, whatever a setting says', async () => {
    const document = await drawn(slot('a red tomato'));
    const settings = vscode.workspace.getConfiguration('oneflow', document.uri);
    await settings.update('imageFolder', '../../..', vscode.ConfigurationTarget.Workspace);
    try {
      await run('acceptAll');
    } finally {
      await settings.update('imageFolder', undefined, vscode.ConfigurationTarget.Workspace);
    }
    assert.equal(document.getText(), slot('a red tomato'));
    assert.match(messages.shown.join('\n'), /outside of this workspace/);
  });

  test('never leave the workspace through a link', async () => {
    const document = await drawn(slot('a red tomato'));
    const elsewhere = path.join(path.dirname(workspaceFolder().fsPath), 'elsewhere');
    mkdirSync(elsewhere, { recursive: true });
    symlinkSync(elsewhere, beside(document, 'images').fsPath);
    await run('acceptAll');
    assert.deepEqual(await vscode.workspace.fs.readDirectory(vscode.Uri.file(elsewhere)), []);
    assert.equal(document.getText(), slot('a red tomato'));
    assert.equal(messages.shown.length, 1);
  });

  for (const alt of ['CON', '../../.bashrc', 'a'.repeat(300), '…', 'soup. ', 'a/b\\c:d*e?']) {
    test(`have a safe name for the alt text ${JSON.stringify(alt.slice(0, 20))}`, async () => {
      const document = await drawn(slot(alt));
      await run('acceptAll');
      const [name] = await namesBeside(document, 'images');
      assert.match(name ?? '', /^[a-z0-9][a-z0-9-]{0,79}\.png$/);
      assert.doesNotMatch(name!, /^(con|nul|aux|prn)\.png$/);
      assert.equal(destinationIn(document), `images/${name}`);
    });
  }

  test('stay on disk after an undo, for the redo, and go with a reject', async () => {
    const document = await drawn(slot('a red tomato'));
    await run('acceptAll');
    const file = beside(document, 'images/a-red-tomato.png');
    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending');
    assert.ok(await exists(file));
    await vscode.commands.executeCommand('redo');
    assert.equal(destinationIn(document), 'images/a-red-tomato.png');
    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending');
    await run('rejectHunk', hunkArgument(document, 0));
    await until('the file to go', async () => !(await exists(file)));
    assert.equal(document.getText(), slot('a red tomato'));
  });

  test('are accepted again after an undo, under the same name', async () => {
    const document = await drawn(slot('a red tomato'));
    await run('acceptAll');
    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending');
    await run('acceptAll');
    assert.equal(destinationIn(document), 'images/a-red-tomato.png');
    assert.deepEqual(await namesBeside(document, 'images'), ['a-red-tomato.png']);
  });

  test('go again when the edit of the document fails', async () => {
    const document = await drawn(slot('a red tomato'));
    await whileReadOnly(() => run('acceptAll'));
    assert.deepEqual(await namesBeside(document, 'images'), []);
    assert.equal(document.getText(), slot('a red tomato'));
    assert.deepEqual(statesOf(document), ['pending']);
  });

  test('that are gone from storage are refused with what to do about it', async () => {
    const document = await drawn(slot('a red tomato'));
    const { storage } = extension().exports.testing!;
    const pending = vscode.Uri.joinPath(storage, 'pictures', storageName(document.uri.toString()));
    await vscode.workspace.fs.delete(pending, { recursive: true });
    await run('acceptAll');
    assert.deepEqual(messages.shown, [
      'The picture of this suggestion is not there any more; have it drawn again, or reject it.',
    ]);
    await run('regenerateHunk', hunkArgument(document, 0));
    await run('acceptAll');
    assert.equal(destinationIn(document), 'images/a-red-tomato.png');
  });

  test('of a document without a folder wait until it has one', async () => {
    const { document } = await openUntitled(slot('a red tomato'));
    await run('fillImagePlaceholders');
    assert.deepEqual(statesOf(document), ['pending']);
    await run('acceptAll');
    assert.equal(document.getText(), slot('a red tomato'));
    assert.match(messages.shown.join('\n'), /no folder yet/);
    assert.match(messages.shown.join('\n'), /was not saved/);
  });

  test('are hunks with their size and their alt text', async () => {
    const document = await drawn(slot('a red tomato'));
    const [hunk] = hunksOf(document);
    assert.equal(hunk?.kind, 'image');
    assert.equal(hunk.pictures[0]?.alt, 'a red tomato');
    assert.ok((hunk.pictures[0].width ?? 0) > 0);
  });
});
