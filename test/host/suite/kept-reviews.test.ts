/** Reviews in the extension's storage. */
import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { contentOf, storageName } from '../../../src/editor/files.js';
import type { ReviewFile } from '../../../src/protocol/review.js';
import { exists, hunksOf, insert, open, run, statesOf, workspaceFolder } from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { useEmbeddedModel, useHeldEngine, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = '# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n';

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
