/** Reviews in the extension's storage. */
import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { contentOf, storageName } from '../../../src/editor/files.js';
import type { ReviewFile } from '../../../src/protocol/review.js';
import {
  beside,
  exists,
  hunksOf,
  insert,
  leave,
  namesBeside,
  open,
  openUnheld,
  rename,
  run,
  statesOf,
  untilStates,
  workspaceFolder,
} from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { useEmbeddedModel, useHeldEngine, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = '# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n';
const slot = '# Soup\n\n![a red tomato](mask:)\n';

suite('a review that was kept', () => {
  const messages = messagesOfTests();
  suiteTeardown(useEmbeddedModel);

  async function fileOf(document: vscode.Uri): Promise<vscode.Uri> {
    const { testing } = await extension().activate();
    return vscode.Uri.joinPath(testing!.storage, 'reviews', `${storageName(document.toString())}.json`);
  }

  test('by another version, or in a damaged file, is dropped and told of once', async () => {
    const kept = {
      older: JSON.stringify({ format: 'oneflow-review/0', suggestions: [{ line: 3 }] }),
      newer: JSON.stringify({ format: 'oneflow-review/2', text: soup, hunks: [], epoch: 1 }),
      damaged: '{"format":"oneflow-review/1","text":"# So',
      wrong: 'null',
    };
    for (const [name, content] of Object.entries(kept)) {
      const uri = vscode.Uri.joinPath(workspaceFolder(), 'kept', `${name}.md`);
      const file = await fileOf(uri);
      await vscode.workspace.fs.writeFile(uri, Buffer.from(soup));
      await vscode.workspace.fs.writeFile(file, Buffer.from(content));
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
      await until(`the ${name} review to be dropped`, async () => !(await exists(file)));
      assert.deepEqual(hunksOf({ uri }), []);
    }
    assert.equal(messages.shown.length, 1);
    assert.match(messages.shown[0]!, /another version of OneFlow/);
  });

  test('goes with a file that is renamed while it is not open', async () => {
    await useScriptedEngine();
    const { document } = await openUnheld(slot);
    await run('refineDocument');
    await leave(document);
    const renamed = await rename(document.uri, 'renamed.md');
    await untilStates(renamed, 'pending');
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(slot));
    const other = await vscode.workspace.openTextDocument(document.uri);
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    assert.equal(renamed.getText(), slot.replace('mask:', 'images/a-red-tomato.png'));
    assert.deepEqual(hunksOf(other), []);
    assert.ok(!(await exists(await fileOf(document.uri))));
  });

  test('goes with a file whose folder is renamed while it is not open, and with its neighbour that is', async () => {
    await useScriptedEngine();
    const { document } = await openUnheld(slot);
    await run('refineDocument');
    await run('acceptAll');
    await document.save();
    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending');
    await document.save();
    const written = hunksOf(document)[0]!.files![0]!.uri;
    await leave(document);
    const neighbour = beside(document, 'neighbour.md');
    await vscode.workspace.fs.writeFile(neighbour, Buffer.from(slot));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(neighbour));
    await run('refineDocument');

    const folder = `${Date.now()}`;
    const renamed = await rename(vscode.Uri.joinPath(document.uri, '..'), folder, 'document.md');
    await untilStates(renamed, 'pending');
    await untilStates(await vscode.workspace.openTextDocument(beside(renamed, 'neighbour.md')), 'pending');
    assert.ok(await exists(vscode.Uri.joinPath(renamed.uri, '..', 'images', 'a-red-tomato.png')));
    assert.equal(hunksOf(renamed)[0]!.files![0]!.uri, written.replace(/[^/]*(?=\/images)/, folder));
    await run('rejectAll');
    await until('the picture to go', async () => (await namesBeside(renamed, 'images')).length === 0);
    assert.deepEqual(messages.shown, []);
  });

  test('has the suggestions that a run is about to replace, in case that the run is cut off', async () => {
    await useScriptedEngine();
    const editor = await open(soup);
    const { document } = editor;
    await run('refineDocument');
    const [former] = hunksOf(document);
    const held = await useHeldEngine(2);
    const ended = run('refineDocument');
    await held.isHeld();
    assert.deepEqual(statesOf(document), ['running']);
    await insert(editor, 0, 'For four.\n\n');
    const file = await fileOf(document.uri);
    const kept = await until('the edit to be kept', async () => {
      const bytes = await contentOf(file);
      const review = bytes && (JSON.parse(Buffer.from(bytes).toString()) as ReviewFile);
      return review?.text === document.getText() && review;
    });
    const { start, end } = former!.place;
    const moved = { start: start + 11, end: end + 11 };
    assert.deepEqual(
      kept.hunks.map(({ id, state, place, after }) => [id, state, place, after]),
      [[former!.id, 'pending', moved, former!.after]],
    );
    held.release();
    await ended;
  });
});
