import assert from 'node:assert/strict';
import { setup, suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, hunkArgument, hunksOf, open, run, statesOf, untilStates } from '../support/documents.js';
import { holdNextPanel, previewed, type PreviewLine } from '../support/preview-page.js';
import { recording, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const tabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('oneflow.preview'),
    );

/** The preview of `document` is opened and listens, and may be spoken with. */
async function openLine(document: vscode.TextDocument): Promise<PreviewLine> {
  const held = holdNextPanel();
  await run('openPreview');
  const line = await held;
  await until('the page to listen', () => previewed() === document.uri.toString());
  return line;
}

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

  test('keeps room for pictures of the size that a setting asks for', async () => {
    const { document } = await open('![a red tomato](mask:)\n');
    const { sent } = await openLine(document);
    const settings = vscode.workspace.getConfiguration('oneflow');
    await settings.update('imageSize', 512, vscode.ConfigurationTarget.Workspace);
    try {
      await until('the page to be told of it', () =>
        sent.some((message) => message.type === 'document' && message.holes[0]?.size === 512),
      );
      await run('fillImagePlaceholders');
    } finally {
      await settings.update('imageSize', undefined, vscode.ConfigurationTarget.Workspace);
    }
    const started = sent.findLast((message) => message.type === 'run-started');
    assert.equal(started!.run.holes[0]!.size, 512);
    const [picture] = await until('the page to be told of the suggestion', () => {
      const told = sent.findLast((message) => message.type === 'document')!;
      return told.hunkPictures.length > 0 && told.hunkPictures;
    });
    assert.equal(picture!.size, recording().result.pictures[0]!.width);
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

  test('is not covered by what is opened while it has the focus', async () => {
    const { document } = await open(
      '# Soup\n\nSimmer <!--mask-->it<!--/mask--> <!--mask-->now<!--/mask-->.\n',
    );
    const uri = document.uri.toString();
    await vscode.commands.executeCommand('workbench.action.keepEditor');
    const line = await openLine(document);
    await run('refineText');
    const hideDocument = async (): Promise<void> => {
      const other = vscode.Uri.joinPath(document.uri, '..', 'other.txt');
      await vscode.workspace.fs.writeFile(other, Buffer.from('Another.\n'));
      await vscode.window.showTextDocument(other, { viewColumn: vscode.ViewColumn.One });
      await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
      await until('the preview to have the focus', () => tabs()[0]?.group.isActive);
    };
    const secondColumn = (): number => vscode.window.tabGroups.all[1]!.tabs.length;

    await hideDocument();
    line.say({ type: 'accept', hunkId: hunksOf(document)[0]!.id });
    await untilStates(document, 'accepted', 'pending');
    assert.equal(secondColumn(), 1);

    await hideDocument();
    await run('compareHunk', hunkArgument(document, 1));
    assert.equal(secondColumn(), 1);

    await hideDocument();
    await run('unmask', { uri, offset: document.getText().indexOf('<!--mask-->') });
    assert.match(document.getText(), / now\.$/m);
    assert.equal(secondColumn(), 1);

    await hideDocument();
    const more = vscode.Uri.joinPath(document.uri, '..', 'more.txt');
    await vscode.workspace.fs.writeFile(more, Buffer.from('More.\n'));
    line.say({ type: 'open-link', href: 'more.txt' });
    await until('the link to be opened', () =>
      vscode.window.visibleTextEditors.some((editor) => editor.document.uri.toString() === more.toString()),
    );
    assert.equal(secondColumn(), 1);
    assert.equal(tabs()[0]?.isActive, true);
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
    const line = await openLine(document);
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

  test('has nothing to review of a document that is no Markdown for a while', async () => {
    const { document } = await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    const line = await openLine(document);
    await run('refineText');
    const isTold = (hunks: number, holes: number): Promise<unknown> =>
      until(`${hunks} hunks and ${holes} holes to be told`, () => {
        const last = line.sent.findLast((message) => message.type === 'document');
        return last?.hunks.length === hunks && last.holes.length === holes;
      });
    await isTold(1, 1);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await isTold(0, 0);
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await isTold(1, 1);
  });

  test('explains the ways of generating', async () => {
    await open('# Soup\n');
    await run('compareModes');
    await until('the page to listen', () => previewed() !== undefined);
    assert.equal(tabs().length, 1);
  });
});
