/** What a page in the wrong hands may say to the preview's host: nothing happens that the author has not asked for. */
import assert from 'node:assert/strict';
import { setup, suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  hunksOf,
  leave,
  namesBeside,
  open,
  openUnheld,
  openUntitled,
  run,
  statesOf,
  untilStates,
} from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { holdNextPanel, type PreviewLine } from '../support/preview-page.js';
import { useHeldEngine, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = '# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n';

suite('messages to the host of the preview', () => {
  const messages = messagesOfTests();
  let line: PreviewLine;
  let document: vscode.TextDocument;
  let hunkId: string;

  /** Opens a document with a preview, and has its marks refined. */
  async function review(text = soup): Promise<void> {
    ({ document } = await open(text));
    await reviewShown();
  }

  /** The same of a document that nothing but its editor keeps open. */
  async function reviewUnheld(): Promise<void> {
    ({ document } = await openUnheld(soup));
    await reviewShown();
  }

  async function reviewShown(): Promise<void> {
    const held = holdNextPanel();
    await run('openPreview');
    line = await held;
    await until('the page to listen', () => line.sent.some(({ type }) => type === 'document'));
    await run('refineDocument');
    await untilStates(document, 'pending');
    hunkId = hunksOf(document)[0]!.id;
  }

  /** Resolves when the host has answered everything that was said to it before. */
  async function answered(): Promise<void> {
    const { length } = line.sent;
    line.say({ type: 'ready' });
    await until('the host to answer', () => line.sent.slice(length).some(({ type }) => type === 'document'));
  }

  setup(() => useScriptedEngine());
  teardown(() => {
    line.panel.dispose();
  });

  test('about a document that is closed open it again', async () => {
    await reviewUnheld();
    await leave(document);
    line.say({ type: 'accept', hunkId });
    document = await until('the document to open', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === document.uri.toString()),
    );
    await untilStates(document, 'accepted');
    assert.match(document.getText(), /^# Soup\n\nSimmer [^<]* well\.\n$/);
    assert.deepEqual(messages.shown, []);
    assert.ok(line.panel.visible);
    await until('the page to be told', () =>
      line.sent.some((message) => message.type === 'document' && message.hunks[0]?.state === 'accepted'),
    );
  });

  test('about a document that is closed run it', async () => {
    await reviewUnheld();
    await run('rejectAll');
    await leave(document);
    line.say({ type: 'refine', what: 'document' });
    document = await until('the document to open', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === document.uri.toString()),
    );
    await untilStates(document, 'pending');
    assert.deepEqual(messages.shown, []);
  });

  test('tell of what a run has made of a document that was closed meanwhile', async () => {
    await reviewUnheld();
    await run('rejectAll');
    const held = await useHeldEngine(2);
    line.say({ type: 'refine', what: 'document' });
    await held.isHeld();
    await leave(document);
    const { length } = line.sent;
    held.release();
    await until('the suggestion', () =>
      line.sent.slice(length).some((message) => message.type === 'document' && message.hunks.length === 1),
    );
  });

  test('of a page that begins when its document is closed have it told of', async () => {
    await reviewUnheld();
    await leave(document);
    const { length } = line.sent;
    line.say({ type: 'ready' });
    await until('the document', () =>
      line.sent.slice(length).some((message) => message.type === 'document' && message.hunks.length === 1),
    );
    assert.deepEqual(messages.shown, []);
  });

  test('about a document that is gone say so', async () => {
    ({ document } = await openUntitled(soup));
    await reviewShown();
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await until('the document to close', () => document.isClosed);
    const gone = await until('the page to be told', () => {
      const last = line.sent.findLast((message) => message.type === 'document');
      return last?.restriction !== undefined && last;
    });
    assert.deepEqual(
      [gone.restriction, gone.hunks, gone.holes],
      ['This document is not there any more.', [], []],
    );
  });

  test('29 without the secret of the page do nothing', async () => {
    await review();
    const message = { type: 'accept', hunkId };
    line.post({ channel: 'oneflow-preview', message });
    line.post({ channel: 'oneflow-preview', secret: 'x', message });
    line.post({ channel: 'other', message });
    line.post(message);
    await answered();
    assert.deepEqual(statesOf(document), ['pending']);
    assert.deepEqual(messages.shown, []);
  });

  test('27 and 28 of an unknown type or with wrong fields do nothing', async () => {
    await review();
    line.say({ type: 'run', command: 'workbench.action.quit' } as { type: string });
    line.say({ type: 'accept', hunkId: 7 } as { type: string });
    line.say({ type: 'reveal', offset: -1 });
    line.say({ type: 'reveal', offset: 2 ** 53 });
    line.say({ type: 'accept-from', runId: hunksOf(document)[0]!.run, pass: Number.NaN });
    await answered();
    assert.deepEqual(statesOf(document), ['pending']);
    assert.deepEqual(messages.shown, []);
  });

  test('30 after the panel was closed do nothing', async () => {
    await review();
    await answered();
    line.panel.dispose();
    line.say({ type: 'accept', hunkId });
    const held = holdNextPanel();
    await run('openPreview');
    line = await held;
    await until('the page to listen', () => line.sent.some(({ type }) => type === 'document'));
    assert.deepEqual(statesOf(document), ['pending']);
  });

  test('31 about a hunk or a run of another document do nothing', async () => {
    await review();
    const other = document;
    const otherRun = hunksOf(other)[0]!.run;
    const otherHunk = hunkId;
    line.panel.dispose();
    await review();
    line.say({ type: 'accept', hunkId: otherHunk });
    line.say({ type: 'reject', hunkId: otherHunk });
    await answered();
    assert.deepEqual(messages.shown, []);
    line.say({ type: 'accept-from', runId: otherRun, pass: 1 });
    await until('the refusal', () => messages.shown.length > 0);
    assert.deepEqual(messages.shown, ['This run is not remembered any more.']);
    assert.deepEqual(statesOf(other), ['pending']);
    assert.deepEqual(statesOf(document), ['pending']);
    assert.equal(other.getText(), soup);
  });

  test('32 that accept twice accept once', async () => {
    await review('# Soup\n\n![a red tomato](mask:)\n');
    line.say({ type: 'accept', hunkId });
    line.say({ type: 'accept', hunkId });
    await untilStates(document, 'accepted');
    line.say({ type: 'accept', hunkId });
    await answered();
    assert.equal(document.getText(), '# Soup\n\n![a red tomato](images/a-red-tomato.png)\n');
    assert.deepEqual(await namesBeside(document, 'images'), ['a-red-tomato.png']);
    assert.deepEqual(messages.shown, []);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), '# Soup\n\n![a red tomato](mask:)\n');
  });

  test('33 that come in a flood are not all answered', async () => {
    await review();
    for (let count = 0; count < 10_000; count += 1) line.say({ type: 'draw', runId: 'gone', pass: count });
    await answered();
    assert.ok(messages.shown.length < 50, `${messages.shown.length} messages were shown`);
    line.say({ type: 'accept', hunkId });
    await untilStates(document, 'accepted');
  });

  test('35 that would open a command, a share or a file elsewhere are refused', async () => {
    await review();
    let ran = false;
    const command = vscode.commands.registerCommand('oneflowTest.harm', () => {
      ran = true;
    });
    const links = [
      'command:oneflowTest.harm',
      'vscode://file/etc/passwd',
      'file:///etc/passwd',
      '//server/share/x.md',
      '\\\\server\\share\\x.md',
      '/etc/passwd',
      '../../../../../../../../etc/passwd',
      '%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
    ];
    const editors = (): string[] =>
      vscode.window.visibleTextEditors.map((editor) => editor.document.uri.toString());
    const before = editors();
    for (const [index, href] of links.entries()) {
      line.say({ type: 'open-link', href });
      await until(`the refusal of ${href}`, () => messages.shown.length === index + 1);
      assert.match(messages.shown[index]!, /^OneFlow does not open/);
    }
    command.dispose();
    assert.equal(ran, false);
    assert.deepEqual(editors(), before);
  });
});
