/** Reviews in the extension's storage. */
import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { storageName } from '../../../src/editor/files.js';
import { exists, hunksOf, workspaceFolder } from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { until } from '../support/until.js';

const soup = '# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n';

suite('a review that was kept', () => {
  const messages = messagesOfTests();

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
});
