/** Files of pictures whose accept was undone: they are OneFlow's only as long as nobody has changed them. */
import assert from 'node:assert/strict';
import { setup, suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  beside,
  exists,
  hunkArgument,
  hunksOf,
  namesBeside,
  open,
  rename,
  replace,
  run,
  untilStates,
  whileReadOnly,
} from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { holdNextPanel } from '../support/preview-page.js';
import { recording, useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const slot = '# Soup\n\n![a red tomato](mask:)\n';
/** The document with the picture there. */
const shown = (destination: string): string => slot.replace('mask:', destination);

suite('the file of a picture whose accept was undone', () => {
  const messages = messagesOfTests();
  const drawn = Buffer.from(recording().result.pictures[0]!.png);
  let document: vscode.TextDocument;

  async function contentOf(name: string): Promise<Buffer> {
    return Buffer.from(await vscode.workspace.fs.readFile(beside(document, name)));
  }

  async function undo(): Promise<void> {
    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending');
  }

  async function reject(): Promise<void> {
    await run('rejectHunk', hunkArgument(document, 0));
    await untilStates(document);
  }

  async function move(from: vscode.Uri, name: string, file?: string): Promise<void> {
    await document.save();
    document = await rename(from, name, file);
    await untilStates(document, 'pending');
  }

  setup(async () => {
    await useScriptedEngine();
    ({ document } = await open(slot));
    await run('fillImagePlaceholders');
    await run('acceptAll');
    assert.equal(document.getText(), shown('images/a-red-tomato.png'));
    await undo();
  });
  suiteTeardown(useEmbeddedModel);

  test('stays when the author has put another one in its place', async () => {
    await vscode.workspace.fs.writeFile(beside(document, 'images/a-red-tomato.png'), Buffer.from('mine'));
    await reject();
    assert.equal((await contentOf('images/a-red-tomato.png')).toString(), 'mine');
  });

  test('is not taken for the picture when the author has put another one in its place', async () => {
    await vscode.workspace.fs.writeFile(beside(document, 'images/a-red-tomato.png'), Buffer.from('mine'));
    await run('acceptAll');
    assert.equal(document.getText(), shown('images/a-red-tomato-2.png'));
    assert.deepEqual(await contentOf('images/a-red-tomato-2.png'), drawn);
    assert.equal((await contentOf('images/a-red-tomato.png')).toString(), 'mine');
  });

  test('stays when the document shows it elsewhere', async () => {
    await replace({ document } as vscode.TextEditor, '# Soup\n', '# ![soup](images/a-red-tomato.png)\n');
    await reject();
    assert.deepEqual(await contentOf('images/a-red-tomato.png'), drawn);
  });

  test('goes from where it is when the document has moved, and no other in its stead', async () => {
    const former = beside(document, 'images/a-red-tomato.png');
    await vscode.workspace.fs.writeFile(
      beside(document, 'sub/images/a-red-tomato.png'),
      Buffer.from('theirs'),
    );
    await move(document.uri, 'sub/document.md');
    await reject();
    await until('the picture to go', async () => !(await exists(former)));
    assert.equal((await contentOf('images/a-red-tomato.png')).toString(), 'theirs');
  });

  test('is written anew beside a document that has moved', async () => {
    const former = beside(document, 'images/a-red-tomato.png');
    await move(document.uri, 'sub/document.md');
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    assert.equal(document.getText(), shown('images/a-red-tomato.png'));
    assert.deepEqual(await contentOf('images/a-red-tomato.png'), drawn);
    assert.equal(await exists(former), false);
  });

  test('goes where its folder was moved together with the document', async () => {
    const folder = vscode.Uri.joinPath(document.uri, '..');
    await move(folder, `${folder.path.split('/').at(-1)!}-moved`, 'document.md');
    assert.deepEqual(await namesBeside(document, 'images'), ['a-red-tomato.png']);
    await reject();
    await until('the picture to go', async () => (await namesBeside(document, 'images')).length === 0);
  });

  test('is there for the redo when the place is drawn again, and goes when that is rejected', async () => {
    const [first] = hunksOf(document);
    await run('regenerateHunk', hunkArgument(document, 0));
    await untilStates(document, 'pending');
    assert.notEqual(hunksOf(document)[0]!.id, first!.id);
    assert.deepEqual(await contentOf('images/a-red-tomato.png'), drawn);
    await reject();
    await until('the picture to go', async () => (await namesBeside(document, 'images')).length === 0);
  });

  test('goes when another picture is accepted in its place', async () => {
    await run('regenerateHunk', hunkArgument(document, 0));
    await untilStates(document, 'pending');
    await run('acceptAll');
    assert.equal(document.getText(), shown('images/a-red-tomato-2.png'));
    assert.deepEqual(await namesBeside(document, 'images'), ['a-red-tomato-2.png']);
  });

  test('stays for the redo when it is accepted again in vain', async () => {
    await whileReadOnly(() => run('acceptAll'));
    assert.equal(messages.shown.length, 1);
    assert.deepEqual(await contentOf('images/a-red-tomato.png'), drawn);
    await vscode.commands.executeCommand('redo');
    await untilStates(document, 'accepted');
    await undo();
    await run('acceptAll');
    assert.equal(document.getText(), shown('images/a-red-tomato.png'));
  });

  test('is another one when the picture of another step is accepted', async () => {
    const step = Buffer.concat([drawn, Buffer.from('of another step')]);
    const engine = await useScriptedEngine();
    engine.draw = async ({ pictures }) =>
      pictures.map(({ segment }) => ({ ...recording().result.pictures[0]!, id: segment.id, png: step }));
    const { pass } = recording().frames[3]!;
    const { run: runId } = hunksOf(document)[0]!;
    const held = holdNextPanel();
    await run('openPreview');
    const line = await held;
    try {
      await until('the page to listen', () => line.sent.some(({ type }) => type === 'document'));
      line.say({ type: 'accept-from', runId, pass });
      await untilStates(document, 'accepted');
      assert.equal(document.getText(), shown('images/a-red-tomato-2.png'));
      await until(
        'the first picture to go',
        async () => (await namesBeside(document, 'images')).length === 1,
      );
      assert.deepEqual(await contentOf('images/a-red-tomato-2.png'), step);
    } finally {
      line.panel.dispose();
    }
  });
});
