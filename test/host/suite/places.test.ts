/** Documents that are not simply a file in one editor. */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { setup, suite, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  beside,
  exists,
  hunkArgument,
  hunksOf,
  open,
  run,
  select,
  statesOf,
  untilStates,
  whileReadOnly,
} from '../support/documents.js';
import { MemoryFiles } from '../support/memory-files.js';
import { messagesOfTests } from '../support/messages.js';
import { recording, useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = '# Soup\n\n![a red tomato](mask:)\n\nSimmer <!--mask-->for ten minutes<!--/mask--> and stir.\n';

suite('a cell of a notebook', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  async function cellOf(text: string): Promise<vscode.TextDocument> {
    const cell = new vscode.NotebookCellData(vscode.NotebookCellKind.Markup, text, 'markdown');
    const notebook = await vscode.workspace.openNotebookDocument(
      'jupyter-notebook',
      new vscode.NotebookData([cell]),
    );
    await vscode.window.showNotebookDocument(notebook);
    return notebook.cellAt(0).document;
  }

  async function editedCellOf(text: string): Promise<vscode.TextDocument> {
    const document = await cellOf(text);
    await vscode.commands.executeCommand('notebook.cell.edit');
    await until('the cell to be edited', () => vscode.window.activeTextEditor?.document === document);
    return document;
  }

  test('has its text refined, accepted in one step and undone', async () => {
    const document = await editedCellOf('Simmer <!--mask-->for ten minutes<!--/mask--> and stir.');
    const before = document.getText();
    await run('refineDocument');
    assert.deepEqual(messages.shown, []);
    assert.deepEqual(statesOf(document), ['pending']);
    await run('acceptAll');
    assert.match(document.getText(), /^Simmer [^<]* and stir\.$/);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    await untilStates(document, 'pending');
  });

  test('is reviewed while it is shown and not edited', async () => {
    const document = await cellOf('<!--mask-->Simmer for ten minutes<!--/mask--> and stir.');
    await run('regenerateMark', { uri: document.uri.toString(), offset: 0 });
    await run('acceptHunk', hunkArgument(document, 0));
    assert.deepEqual(messages.shown, []);
    assert.match(document.getText(), /^[^<]+ and stir\.$/);
  });

  test('is where one goes to its suggestions, and no second tab', async () => {
    const document = await editedCellOf('Simmer <!--mask-->for ten minutes<!--/mask--> and stir.');
    await run('refineDocument');
    await run('nextHunk');
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.equal(tabs.length, 1);
    assert.deepEqual(messages.shown, []);
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document, document);
    assert.equal(document.offsetAt(editor.selection.active), 'Simmer '.length);
  });

  test('that is not on the screen is not opened outside of its notebook', async () => {
    const document = await cellOf('<!--mask-->Simmer<!--/mask--> it.');
    await open('# Soup\n');
    const count = (): number => vscode.window.tabGroups.all.flatMap((group) => group.tabs).length;
    const before = count();
    await run('reveal', { uri: document.uri.toString(), offset: 0 });
    assert.equal(count(), before);
    assert.match(messages.shown.join('\n'), /^This cell of a notebook is not being edited/);
  });

  test('takes no pictures, and says so', async () => {
    const document = await editedCellOf('![a red tomato](mask:)');
    await run('fillImagePlaceholders');
    await run('acceptAll');
    assert.equal(document.getText(), '![a red tomato](mask:)');
    assert.match(messages.shown.join('\n'), /beside a cell of a notebook/);
  });
});

suite('a diff editor', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  /** A diff editor between another file and the document. */
  async function compared(): Promise<{ left: vscode.TextEditor; right: vscode.TextEditor }> {
    const { document: former } = await open(soup, 'former.md');
    const { document } = await open(soup);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('vscode.diff', former.uri, document.uri);
    const editorOf = ({ uri }: vscode.TextDocument): vscode.TextEditor | undefined =>
      vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri.toString());
    return {
      right: await until('the right side', () => editorOf(document)),
      left: await until('the left side', () => editorOf(former)),
    };
  }

  test('has both of its sides reviewed, each for itself', async () => {
    const { left, right } = await compared();
    await until('the right side to have the focus', () => vscode.window.activeTextEditor === right);
    await run('refineText');
    assert.deepEqual([statesOf(left.document), statesOf(right.document)], [[], ['pending']]);
    await run('acceptAll');
    assert.match(right.document.getText(), /Simmer [^<]* and stir\.\n$/);
    assert.equal(left.document.getText(), soup);

    await vscode.commands.executeCommand('workbench.action.compareEditor.focusSecondarySide');
    await until('the left side to have the focus', () => vscode.window.activeTextEditor === left);
    await run('refineText');
    const accepted = right.document.getText();
    // What the author cannot edit there cannot be accepted there, either.
    await whileReadOnly(() => run('acceptAll'));
    assert.equal(right.document.getText(), accepted);
    assert.deepEqual(statesOf(right.document), ['accepted']);
    assert.equal(messages.shown.length, 0);
  });

  test('of a suggestion has the problems of the document told of once', async () => {
    const line = '<!--mask-->Simmer<!--/mask--> it well.\n';
    const { document } = await open(`${line}\n${line}`);
    const problems = ({ uri }: vscode.TextDocument): number =>
      vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'OneFlow').length;
    await until('the warnings', () => problems(document) === 2);
    await run('refineText');
    await run('compareHunk', hunkArgument(document, 0));
    const suggestion = await until('the suggestion to have the focus', () => {
      const active = vscode.window.activeTextEditor?.document;
      return active?.uri.scheme === 'oneflow-hunk' && active;
    });
    // Lenses are given when the marks are known.
    await vscode.commands.executeCommand('vscode.executeCodeLensProvider', suggestion.uri);
    assert.deepEqual([problems(document), problems(suggestion)], [2, 0]);
  });

  test('of a suggestion has the suggestion accepted', async () => {
    const { document } = await open(soup);
    await run('refineText');
    await run('compareHunk', hunkArgument(document, 0));
    await until(
      'the suggestion to have the focus',
      () => vscode.window.activeTextEditor?.document.uri.scheme === 'oneflow-hunk',
    );
    await run('acceptHunk');
    assert.deepEqual(messages.shown, []);
    await untilStates(document, 'accepted');
    assert.match(document.getText(), /Simmer [^<]* and stir\.\n$/);
  });
});

suite('a document in a virtual file system', () => {
  const messages = messagesOfTests();
  let provider: vscode.Disposable;
  setup(async () => {
    await useScriptedEngine();
  });
  teardown(() => {
    provider.dispose();
  });
  suiteTeardown(useEmbeddedModel);

  async function openIn(files: MemoryFiles, isReadonly = false): Promise<vscode.TextDocument> {
    provider = vscode.workspace.registerFileSystemProvider('oneflow-test', files, { isReadonly });
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse('oneflow-test:/soup.md'));
    await vscode.window.showTextDocument(document);
    return document;
  }

  test('has its pictures written there, beside it, and never over another', async () => {
    const files = new MemoryFiles({ '/soup.md': soup, '/images/a-red-tomato.png': 'mine' });
    const document = await openIn(files);
    await run('fillImagePlaceholders');
    assert.deepEqual(files.paths, ['/images/a-red-tomato.png', '/soup.md']);
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    assert.equal(document.getText(), soup.replace('mask:', 'images/a-red-tomato-2.png'));
    assert.deepEqual(files.paths, ['/images/a-red-tomato-2.png', '/images/a-red-tomato.png', '/soup.md']);
    const png = files.readFile(document.uri.with({ path: '/images/a-red-tomato-2.png' }));
    assert.deepEqual(Buffer.from(png), Buffer.from(recording().result.pictures[0]!.png));

    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending');
    await run('rejectAll');
    await until('the picture to go', () => files.paths.length === 2);
  });

  test('says that it is read-only when pictures are to be put beside it, or marks into it', async () => {
    const document = await openIn(new MemoryFiles({ '/soup.md': soup }), true);
    await run('fillImagePlaceholders');
    assert.deepEqual(statesOf(document), ['pending']);
    await run('acceptAll');
    await run('removeAllMarks');
    assert.deepEqual(messages.shown, [
      'Pictures cannot be written beside this document: its file system is read-only.',
      'This document is read-only; it cannot be marked.',
    ]);
    assert.equal(document.getText(), soup);
  });
});

suite('a document that goes', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  test('takes its review along, and has it again when it comes back', async () => {
    const { document } = await open(soup);
    await run('refineDocument');
    const hunk = hunkArgument(document, 0);
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(document.uri);
    await vscode.workspace.applyEdit(edit);
    await until('the document to close', () => document.isClosed);
    for (const command of ['acceptHunk', 'rejectHunk', 'revealHunk', 'compareHunk']) {
      await run(command, hunk);
      assert.match(messages.shown.at(-1) ?? '', /not there any more/, command);
    }
    assert.ok(!(await exists(document.uri)));

    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(soup));
    const back = await vscode.workspace.openTextDocument(document.uri);
    await vscode.window.showTextDocument(back);
    await untilStates(back, 'pending', 'pending');
    await run('acceptAll');
    assert.ok(await exists(beside(back, 'images/a-red-tomato.png')));
  });

  test('from the disk, and not from the editor, is still reviewed there', async () => {
    const editor = await open(soup);
    const { document } = editor;
    await run('refineDocument');
    // What is not saved stays open when its file goes.
    await editor.edit((builder) => {
      builder.insert(new vscode.Position(0, 0), 'For four.\n\n');
    });
    rmSync(document.uri.fsPath);
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    assert.match(
      document.getText(),
      /^For four\.\n\n# Soup\n\n!\[a red tomato\]\(images\/a-red-tomato\.png\)/,
    );
    assert.ok(await exists(beside(document, 'images/a-red-tomato.png')));
  });
});

suite('two editors on one document', () => {
  messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  test('each decide at their own cursor, and undo what the other did', async () => {
    const first = await open(soup);
    const { document } = first;
    await run('refineDocument');
    select(first, 'a red', 0);
    const second = await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    select(second, 'ten minutes', 0);
    await run('acceptHunk');
    await untilStates(document, 'pending', 'accepted');
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await run('acceptHunk');
    await untilStates(document, 'accepted', 'accepted');
    await vscode.commands.executeCommand('undo');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), soup);
    await untilStates(document, 'pending', 'pending');
    assert.equal(hunksOf(document).length, 2);
  });
});
