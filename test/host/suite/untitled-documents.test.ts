/** Documents that have no file yet, until they are saved as one or discarded. */
import assert from 'node:assert/strict';
import { setup, suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { storageName } from '../../../src/editor/files.js';
import {
  beside,
  exists,
  hunksOf,
  openUntitled,
  run,
  statesOf,
  untilStates,
  workspaceFolder,
} from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { useEmbeddedModel, useHeldEngine, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = '# Soup\n\n![a red tomato](mask:)\n\nSimmer <!--mask-->for ten minutes<!--/mask--> and stir.\n';

let documents = 0;

/** One that knows the name that it will have: it is saved without a question. */
async function openNew(text: string): Promise<vscode.TextDocument> {
  documents += 1;
  const file = vscode.Uri.joinPath(workspaceFolder(), `untitled-${documents}`, 'document.md');
  const document = await vscode.workspace.openTextDocument(file.with({ scheme: 'untitled' }));
  const editor = await vscode.window.showTextDocument(document);
  await editor.edit((builder) => {
    builder.insert(new vscode.Position(0, 0), text);
  });
  return document;
}

/** Saves the document that has the focus, and gives the one that it is then. */
async function saved(untitled: vscode.TextDocument): Promise<vscode.TextDocument> {
  const file = await vscode.workspace.save(untitled.uri);
  assert.equal(file?.scheme, 'file');
  await until('the untitled document to close', () => untitled.isClosed);
  return vscode.workspace.openTextDocument(file);
}

async function isKept(folder: 'reviews' | 'pictures', document: vscode.TextDocument): Promise<boolean> {
  const { storage } = extension().exports.testing!;
  const name = storageName(document.uri.toString());
  return exists(vscode.Uri.joinPath(storage, folder, folder === 'reviews' ? `${name}.json` : name));
}

suite('an untitled document', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  test('that is saved keeps its suggestions, with their pictures', async () => {
    const untitled = await openNew(soup);
    await run('refineDocument');
    await until('the review to be kept', () => isKept('reviews', untitled));
    const document = await saved(untitled);
    await untilStates(document, 'pending', 'pending');
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    assert.match(document.getText(), /!\[a red tomato\]\(images\/a-red-tomato\.png\)/);
    assert.ok(await exists(beside(document, 'images/a-red-tomato.png')));
    await until('nothing of it to be kept', async () => !(await isKept('reviews', untitled)));
    assert.ok(!(await isKept('pictures', untitled)));
  });

  test('that is tidied up when it is saved keeps its suggestions', async () => {
    const settings = vscode.workspace.getConfiguration('files');
    await settings.update('insertFinalNewline', true, vscode.ConfigurationTarget.Workspace);
    try {
      const untitled = await openNew(soup.trimEnd());
      await run('refineText');
      const document = await saved(untitled);
      assert.equal(document.getText(), soup);
      await untilStates(document, 'pending');
    } finally {
      await settings.update('insertFinalNewline', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('that is saved during a run has its result in the file', async () => {
    const held = await useHeldEngine(2);
    const untitled = await openNew(soup);
    const ended = run('refineDocument');
    await held.isHeld();
    const document = await saved(untitled);
    assert.deepEqual(statesOf(document), ['running', 'running']);
    held.release();
    await ended;
    assert.deepEqual(statesOf(document), ['pending', 'pending']);
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    assert.ok(await exists(beside(document, 'images/a-red-tomato.png')));
  });

  test('that is saved to take its pictures takes them in the same step', async () => {
    const untitled = await openNew(soup);
    await run('fillImagePlaceholders');
    const workspace = vscode.workspace as { saveAs: typeof vscode.workspace.saveAs };
    const { saveAs } = workspace;
    workspace.saveAs = (uri) => vscode.workspace.save(uri);
    messages.choose('Save As…');
    try {
      await run('acceptAll');
    } finally {
      workspace.saveAs = saveAs;
    }
    const document = vscode.window.activeTextEditor!.document;
    assert.ok(untitled.isClosed);
    assert.equal(messages.shown.length, 1);
    assert.equal(document.getText(), soup.replace('mask:', 'images/a-red-tomato.png'));
    assert.deepEqual(statesOf(document), ['accepted']);
  });

  test('that is discarded takes its suggestions along', async () => {
    const { document } = await openUntitled(soup);
    await run('refineDocument');
    await until('the review to be kept', () => isKept('reviews', document));
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until('the document to close', () => document.isClosed);
    assert.deepEqual(hunksOf(document), []);
    const { document: next } = await openUntitled('# Bread\n');
    assert.equal(next.uri.toString(), document.uri.toString());
    await until('nothing to be kept', async () => !(await isKept('reviews', document)));
    assert.ok(!(await isKept('pictures', document)));
    assert.deepEqual(hunksOf(next), []);
  });

  test('that is discarded during a run stops it', async () => {
    const held = await useHeldEngine(3);
    const { document } = await openUntitled(soup);
    const ended = run('refineDocument');
    await held.isHeld();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until('the document to close', () => document.isClosed);
    held.release();
    await ended;
    assert.deepEqual(messages.shown, []);
    assert.deepEqual(hunksOf(document), []);
    assert.ok(!(await isKept('pictures', document)));
  });

  test('stays under review when its language is changed and changed back', async () => {
    const { document } = await openUntitled(soup);
    await run('refineText');
    const plain = await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    const markdown = await vscode.languages.setTextDocumentLanguage(plain, 'markdown');
    await untilStates(markdown, 'pending');
  });
});
