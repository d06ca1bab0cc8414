import assert from 'node:assert/strict';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, insert, open, run, select, selectEach, whileReadOnly } from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';

suite('marks', () => {
  const messages = messagesOfTests();

  test('masks the selected words, and unmasks them again byte for byte', async () => {
    const text = '# Soup\r\n\r\nSimmer the soup for ten minutes and serve.\r\n';
    const editor = await open(text);
    select(editor, 'for ten minutes');
    await run('maskSelection');
    assert.equal(
      editor.document.getText(),
      text.replace('for ten minutes', '<!--mask-->for ten minutes<!--/mask-->'),
    );
    select(editor, 'ten', 0);
    await run('unmask');
    assert.equal(editor.document.getText(), text);
  });

  test('masks all selections in one undo step, and unmasks them again', async () => {
    const text = '# Soup\n\nSimmer the soup for ten minutes and serve.\n\nTaste it.\n';
    const editor = await open(text);
    const { document } = editor;
    selectEach(editor, 'the soup', ' for ten', 'Taste it.');
    await run('maskSelection');
    const masked =
      '# Soup\n\nSimmer <!--mask-->the soup<!--/mask--> <!--mask-->for ten<!--/mask--> minutes and serve.\n\n<!--mask-->\nTaste it.\n<!--/mask-->\n';
    assert.equal(document.getText(), masked);
    assert.deepEqual(
      editor.selections.map((selection) => document.getText(selection)),
      ['the soup', 'for ten', 'Taste it.'],
    );
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), text);
    await vscode.commands.executeCommand('redo');
    selectEach(editor, '|the soup', '|Taste');
    await run('unmask');
    assert.equal(document.getText(), text.replace('for ten', '<!--mask-->for ten<!--/mask-->'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), masked);
  });

  test('masks selections that touch, in their order', async () => {
    const editor = await open('Simmer the soup.\n');
    selectEach(editor, 'the so', 'up');
    await run('maskSelection');
    assert.equal(
      editor.document.getText(),
      'Simmer <!--mask-->the so<!--/mask--><!--mask-->up<!--/mask-->.\n',
    );
  });

  test('masks nothing when one of the selections cannot be masked, and says which', async () => {
    const text = 'Simmer the soup.\n\n```\ncode\n```\n';
    const editor = await open(text);
    selectEach(editor, 'the soup', '|code');
    await run('maskSelection');
    assert.equal(editor.document.getText(), text);
    assert.equal(messages.shown.length, 1);
    assert.match(messages.shown[0]!, /^Nothing was changed, because of line 4: /);
  });

  test('masks whole blocks on lines of their own', async () => {
    const editor = await open('# Soup\n\nFirst paragraph.\n\nSecond paragraph.\n');
    select(editor, 'First paragraph.\n\nSecond paragraph.');
    await run('maskSelection');
    assert.equal(
      editor.document.getText(),
      '# Soup\n\n<!--mask-->\nFirst paragraph.\n\nSecond paragraph.\n<!--/mask-->\n',
    );
  });

  test('never splits a fence: says why, and changes nothing', async () => {
    const text = 'Before.\n\n```js\nlet soup;\nlet salt;\n```\n';
    const editor = await open(text);
    select(editor, 'soup;\nlet');
    await run('maskSelection');
    const after = editor.document.getText();
    if (after === text) assert.equal(messages.shown.length, 1);
    else assert.equal(after, 'Before.\n\n<!--mask-->\n```js\nlet soup;\nlet salt;\n```\n<!--/mask-->\n');
  });

  test('takes one undo step for a mark', async () => {
    const text = 'Simmer the soup for ten minutes.\n';
    const editor = await open(text);
    select(editor, 'for ten minutes');
    await run('maskSelection');
    await vscode.commands.executeCommand('undo');
    assert.equal(editor.document.getText(), text);
  });

  test('masks a picture on a line of its own', async () => {
    const editor = await open('# Soup\n\n![a bowl](images/soup.png)\n');
    select(editor, 'a bowl', 0);
    await run('maskPicture');
    assert.equal(
      editor.document.getText(),
      '# Soup\n\n<!--mask-->\n![a bowl](images/soup.png)\n<!--/mask-->\n',
    );
  });

  test('inserts a slot for the picture that is asked for, and nothing when the question is left', async () => {
    const text = '# Soup\n\n\n\nServe.\n';
    const editor = await open(text);
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    messages.type(undefined);
    await run('insertImageSlot');
    assert.equal(editor.document.getText(), text);
    messages.type('a bowl of soup');
    await run('insertImageSlot');
    assert.match(editor.document.getText(), /^!\[a bowl of soup\]\(mask:\)$/m);
  });

  test('inserts no slot into a document that was closed while the question stood there', async () => {
    const { document } = await open('# Soup\n');
    messages.type(async () => {
      await closeAll();
      return 'a bowl of soup';
    });
    await run('insertImageSlot');
    assert.deepEqual(messages.shown, ['The editor was closed meanwhile; nothing was marked.']);
    assert.equal(document.getText(), '# Soup\n');
  });

  test('inserts a slot where the cursor is, when the text has moved while the question stood there', async () => {
    const editor = await open('# Soup\n\n\n\nServe.\n');
    editor.selection = new vscode.Selection(2, 0, 2, 0);
    messages.type(async () => {
      await insert(editor, 0, 'A preface.\n\n');
      return 'a bowl of soup';
    });
    await run('insertImageSlot');
    assert.equal(editor.document.getText(), 'A preface.\n\n# Soup\n\n![a bowl of soup](mask:)\n\n\nServe.\n');
  });

  test('removes all marks and leaves slots, text and pictures', async () => {
    const editor = await open(
      '# Soup\n\nA <!--mask-->plain<!--/mask--> soup.\n\n<!--mask-->\nServe.\n<!--/mask-->\n\n![a bowl](mask:)\n',
    );
    await run('removeAllMarks');
    assert.equal(editor.document.getText(), '# Soup\n\nA plain soup.\n\nServe.\n\n![a bowl](mask:)\n');
  });

  test('says that a document is read-only, whatever the mark', async () => {
    const text = 'A <!--mask-->plain<!--/mask--> soup.\n\n![a bowl](images/soup.png)\n';
    const editor = await open(text);
    const attempts = [
      ['maskSelection', 'soup'],
      ['unmask', 'plain'],
      ['removeAllMarks', 'plain'],
      ['maskPicture', 'a bowl'],
      ['insertImageSlot', 'soup.'],
    ] as const;
    await whileReadOnly(async () => {
      for (const [command, part] of attempts) {
        select(editor, part);
        messages.type('a bowl of soup');
        await run(command);
      }
    });
    assert.deepEqual(
      messages.shown,
      attempts.map(() => 'This document is read-only; it cannot be marked.'),
    );
    assert.equal(editor.document.getText(), text);
  });

  test('says that a Markdown document is needed where there is none', async () => {
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: 'plaintext', content: 'soup' }),
    );
    await run('maskSelection');
    assert.deepEqual(messages.shown, ['Open a Markdown document first.']);
  });
});
