import assert from 'node:assert/strict';
import { setup, suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, open, run, statesOf } from '../support/documents.js';
import { holdNextPanel, previewed } from '../support/preview-page.js';
import { useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const tabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('oneflow.preview'),
    );

suite('the refinement preview', () => {
  setup(() => useScriptedEngine());
  teardown(closeAll);

  test('opens beside the editor, and its page listens', async () => {
    const { document } = await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    await run('openPreview');
    await until('the page to listen', () => previewed() === document.uri.toString());
    const [tab, ...others] = tabs();
    assert.equal(others.length, 0);
    assert.equal(tab?.group.viewColumn, vscode.ViewColumn.Two);
  });

  test('is there once, and follows the document that is worked on', async () => {
    await open('# One\n');
    await run('openPreview');
    await until('the page to listen', () => previewed() !== undefined);
    const second = await open('# Two\n');
    await until('the page to follow', () => previewed() === second.document.uri.toString());
    await run('openPreview');
    assert.equal(tabs().length, 1);
  });

  test('stays alive through a run', async () => {
    const { document } = await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    await run('openPreview');
    await until('the page to listen', () => previewed() === document.uri.toString());
    await run('refineText');
    assert.deepEqual(statesOf(document), ['pending']);
    assert.equal(previewed(), document.uri.toString());
  });

  test('tells a page that begins anew of its runs, and then of what is under review', async () => {
    const { document } = await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    const held = holdNextPanel();
    await run('openPreview');
    const line = await held;
    await until('the page to listen', () => previewed() === document.uri.toString());
    await run('refineText');
    await until('the review', () =>
      line.sent.some((message) => message.type === 'document' && message.hunks.length === 1),
    );
    const { length } = line.sent;
    line.say({ type: 'ready' });
    const last = await until('the runs and the review', () => {
      const sent = line.sent.slice(length);
      const end = sent.findIndex(({ type }) => type === 'run-ended');
      return end >= 0 && sent.slice(end).find((message) => message.type === 'document');
    });
    assert.equal(last.hunks.length, 1);
  });

  test('explains the ways of generating', async () => {
    await open('# Soup\n');
    await run('compareModes');
    await until('the page to listen', () => previewed() !== undefined);
    assert.equal(tabs().length, 1);
  });
});
