import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { setup, suite, suiteTeardown, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  whileReadOnly,
  hunkArgument,
  hunksOf,
  insert,
  open,
  rename,
  replace,
  run,
  select,
  selectEach,
  statesOf,
  untilStates,
} from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = [
  '# Soup',
  '',
  'Chop <!--mask-->two onions<!--/mask--> and fry them.',
  '',
  'Simmer <!--mask-->for ten minutes<!--/mask--> and stir.',
  '',
  'Serve it hot.',
  '',
].join('\n');

/** A document with two suggestions to decide about. */
async function reviewed(text = soup): Promise<vscode.TextEditor> {
  const editor = await open(text);
  await run('refineText');
  assert.deepEqual(statesOf(editor.document), ['pending', 'pending']);
  return editor;
}

/** The parts of a text that lie outside of the marks. */
const outside = ['# Soup\n\nChop ', ' and fry them.\n\nSimmer ', ' and stir.\n\nServe it hot.\n'] as const;

function assertOutsideIsUntouched(text: string): void {
  let from = 0;
  for (const part of outside) {
    const at = text.indexOf(part, from);
    assert.ok(at >= 0, `${JSON.stringify(part)} is missing in ${JSON.stringify(text)}`);
    from = at + part.length;
  }
  assert.ok(text.startsWith(outside[0]) && text.endsWith(outside[2]));
}

suite('review', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  test('accepts one suggestion in one undo step, and undo brings it back', async () => {
    const editor = await reviewed();
    const { document } = editor;
    select(editor, 'two onions', 0);
    await run('acceptHunk');
    const accepted = document.getText();
    assert.ok(!accepted.includes('two onions'));
    assert.ok(accepted.includes('<!--mask-->for ten minutes<!--/mask-->'));
    assertOutsideIsUntouched(accepted);
    await untilStates(document, 'accepted', 'pending');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), soup);
    await untilStates(document, 'pending', 'pending');
    await vscode.commands.executeCommand('redo');
    assert.equal(document.getText(), accepted);
    await untilStates(document, 'accepted', 'pending');
  });

  test('rejects one suggestion and leaves the text as it is', async () => {
    const { document } = await reviewed();
    await run('rejectHunk', hunkArgument(document, 0));
    assert.equal(document.getText(), soup);
    assert.deepEqual(statesOf(document), ['pending']);
  });

  test('accepts all in one undo step', async () => {
    const { document } = await reviewed();
    await run('acceptAll');
    assertOutsideIsUntouched(document.getText());
    assert.ok(!document.getText().includes('<!--'));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), soup);
    await untilStates(document, 'pending', 'pending');
  });

  test('rejects all', async () => {
    const { document } = await reviewed();
    await run('rejectAll');
    assert.equal(document.getText(), soup);
    assert.deepEqual(hunksOf(document), []);
  });

  test('accepts those in the selection', async () => {
    const editor = await reviewed();
    select(editor, 'Simmer', soup.indexOf('Serve') - soup.indexOf('Simmer'));
    await run('acceptHunk');
    await untilStates(editor.document, 'pending', 'accepted');
  });

  test('accepts and rejects those at each cursor', async () => {
    const editor = await reviewed();
    const { document } = editor;
    selectEach(editor, '|two onions', '|Serve', '|ten minutes');
    await run('acceptHunk');
    await untilStates(document, 'accepted', 'accepted');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), soup);
    await untilStates(document, 'pending', 'pending');
    selectEach(editor, '|two onions', '|ten minutes');
    await run('rejectHunk');
    assert.deepEqual(hunksOf(document), []);
  });

  test('goes to the next and to the previous suggestion, round about', async () => {
    const editor = await reviewed();
    const { document } = editor;
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    const line = (): number => vscode.window.activeTextEditor!.selection.active.line;
    await run('nextHunk');
    assert.equal(line(), 2);
    await run('nextHunk');
    assert.equal(line(), 4);
    await run('nextHunk');
    assert.equal(line(), 2);
    await run('previousHunk');
    assert.equal(line(), 4);
    assert.equal(document.getText(), soup);
  });

  test('says that there is no suggestion where there is none', async () => {
    const editor = await reviewed();
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await run('acceptHunk');
    assert.match(messages.shown.join('\n'), /no suggestion at the cursor/);
    assert.equal(editor.document.getText(), soup);
  });

  test('takes an accept of a suggestion that is gone, or of nonsense, for what it is', async () => {
    const { document } = await reviewed();
    const former = hunkArgument(document, 0);
    await run('rejectHunk', former);
    await run('acceptHunk', former);
    await run('acceptHunk', { uri: document.uri.toString(), hunk: 'another' });
    await run('acceptHunk', { uri: 'a b:c', hunk: 'another' });
    assert.equal(document.getText(), soup);
    assert.equal(messages.shown.length, 3);
    assert.equal(messages.shown[2], 'This document is not there any more.');
  });

  test('accepts no suggestion twice', async () => {
    const { document } = await reviewed();
    const hunk = hunkArgument(document, 0);
    await Promise.all([run('acceptHunk', hunk), run('acceptHunk', hunk)]);
    assertOutsideIsUntouched(document.getText());
    const [first] = hunksOf(document);
    assert.equal(document.getText().split(first!.written!.text).length, 2);
  });

  test('offers each suggestion above its line', async () => {
    const { document } = await reviewed();
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      50,
    );
    const accept = lenses.filter(({ command }) => command?.command === 'oneflow.acceptHunk');
    assert.deepEqual(
      accept.map(({ range }) => range.start.line),
      [2, 4],
    );
  });

  test('shows what is proposed in a hover, as source', async () => {
    const editor = await reviewed();
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      editor.document.positionAt(soup.indexOf('two onions')),
    );
    const contents = hovers.flatMap(({ contents: parts }) => parts as vscode.MarkdownString[]);
    assert.ok(contents.some(({ value }) => value.includes('```markdown')));
    assert.ok(contents.every(({ isTrusted, supportHtml }) => isTrusted !== true && supportHtml !== true));
  });

  test('compares a suggestion with the text in a diff editor', async () => {
    const { document } = await reviewed();
    await run('compareHunk', hunkArgument(document, 0));
    const input = await until('the diff editor', () => {
      const { input: shown } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
      return shown instanceof vscode.TabInputTextDiff && shown;
    });
    assert.equal(input.original.toString(), document.uri.toString());
    const proposed = await vscode.workspace.openTextDocument(input.modified);
    assertOutsideIsUntouched(proposed.getText());
    assert.ok(!proposed.getText().includes('two onions'));
  });
});

suite('what can be done in a review', () => {
  const messages = messagesOfTests();
  const keys = new Map<unknown, unknown>();
  const { executeCommand } = vscode.commands;
  setup(async () => {
    await useScriptedEngine();
    // Nobody is told of context keys but the workbench.
    (vscode.commands as { executeCommand: unknown }).executeCommand = (...args: [string, ...unknown[]]) => {
      if (args[0] === 'setContext') keys.set(args[1], args[2]);
      return executeCommand(...args);
    };
  });
  teardown(() => {
    (vscode.commands as { executeCommand: unknown }).executeCommand = executeCommand;
  });
  suiteTeardown(useEmbeddedModel);

  test('is about the document that had the focus last while a picture has it', async () => {
    const { document } = await reviewed();
    const look = async (): Promise<void> => {
      const picture = vscode.Uri.joinPath(extension().extensionUri, 'media', 'icon.png');
      await vscode.commands.executeCommand('vscode.open', picture);
      await until('the picture to have the focus', () => vscode.window.activeTextEditor === undefined);
    };
    await look();
    assert.equal(keys.get('oneflow.hasHunks'), true);
    await run('nextHunk');
    assert.equal(vscode.window.activeTextEditor?.document, document);
    await look();
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    await untilStates(document, 'accepted', 'accepted');
    await until('nothing to be left', () => keys.get('oneflow.hasHunks') === false);
  });

  test('ends with the Markdown, and goes on with it', async () => {
    const { document } = await reviewed();
    const isOffered = (value: boolean): Promise<unknown> =>
      until(`suggestions to be offered: ${value}`, () => keys.get('oneflow.hasHunks') === value);
    await isOffered(true);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await isOffered(false);
    await vscode.languages.setTextDocumentLanguage(document, 'markdown');
    await isOffered(true);
  });
});

suite('review of a document that changes', () => {
  const messages = messagesOfTests();
  setup(async () => {
    await useScriptedEngine();
  });
  suiteTeardown(useEmbeddedModel);

  /** Accepts everything, and sees that it landed where it belongs. */
  async function acceptsAllInPlace(document: vscode.TextDocument): Promise<void> {
    await run('acceptAll');
    const text = document.getText();
    assert.ok(!text.includes('<!--'), text);
    for (const part of outside) assert.ok(text.includes(part.trim()), text);
  }

  test('follows text that is inserted before, between and after', async () => {
    const editor = await reviewed();
    await insert(editor, soup.length, 'Good appetite.\n');
    await insert(editor, soup.indexOf('Simmer'), 'Add the water.\n\n');
    await insert(editor, 0, 'For four.\n\n');
    await run('acceptAll');
    const text = editor.document.getText();
    assert.ok(!text.includes('<!--'), text);
    assert.ok(text.startsWith('For four.\n\n# Soup\n\nChop '), text);
    assert.ok(text.includes(' and fry them.\n\nAdd the water.\n\nSimmer '), text);
    assert.ok(text.endsWith(' and stir.\n\nServe it hot.\nGood appetite.\n'), text);
  });

  test('takes typing at the very ends of a mark for text outside of it', async () => {
    const editor = await reviewed();
    await insert(editor, soup.indexOf('<!--mask-->two'), 'about ');
    await insert(editor, editor.document.getText().indexOf(' and fry'), ', sliced,');
    await untilStates(editor.document, 'pending', 'pending');
    await run('acceptAll');
    const text = editor.document.getText();
    assert.ok(text.startsWith('# Soup\n\nChop about '), text);
    assert.ok(text.includes(', sliced, and fry them.'), text);
  });

  test('refuses a suggestion whose text has changed, and takes it back when the change is undone', async () => {
    const editor = await reviewed();
    const { document } = editor;
    await replace(editor, 'two onions', 'three onions');
    await untilStates(document, 'displaced', 'pending');
    const changed = document.getText();
    await run('acceptHunk', hunkArgument(document, 0));
    assert.equal(document.getText(), changed);
    assert.equal(messages.shown.length, 1);
    await vscode.commands.executeCommand('undo');
    await untilStates(document, 'pending', 'pending');
    await acceptsAllInPlace(document);
  });

  test('finds the suggestions again after the line ends have changed, and writes the new ones', async () => {
    const editor = await reviewed();
    const { document } = editor;
    await editor.edit((edit) => {
      edit.setEndOfLine(vscode.EndOfLine.CRLF);
    });
    assert.ok(document.getText().includes('\r\n'));
    await untilStates(document, 'pending', 'pending');
    await run('acceptAll');
    assert.ok(!/[^\r]\n/.test(document.getText()));
  });

  test('finds them again after a formatter has replaced the whole document', async () => {
    const editor = await reviewed();
    const { document } = editor;
    const formatter = vscode.languages.registerDocumentFormattingEditProvider('markdown', {
      provideDocumentFormattingEdits: (formatted) => [
        vscode.TextEdit.replace(
          new vscode.Range(formatted.positionAt(0), formatted.positionAt(formatted.getText().length)),
          formatted.getText().replace('# Soup\n\n', '# Soup\n\n\n').replace('Serve it hot.', 'Serve it hot!'),
        ),
      ],
    });
    try {
      await vscode.commands.executeCommand('editor.action.formatDocument');
    } finally {
      formatter.dispose();
    }
    assert.ok(document.getText().includes('hot!'));
    await untilStates(document, 'pending', 'pending');
    await run('acceptAll');
    assert.ok(!document.getText().includes('<!--'));
    assert.ok(document.getText().includes('hot!'));
  });

  test('keeps them when the document is saved', async () => {
    const editor = await reviewed();
    await insert(editor, 0, 'For four.\n\n');
    await editor.document.save();
    await untilStates(editor.document, 'pending', 'pending');
    await acceptsAllInPlace(editor.document);
  });

  test('follows a revert to what is on disk', async () => {
    const editor = await reviewed();
    await insert(editor, 0, 'For four.\n\n');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('the revert', () => editor.document.getText() === soup);
    await untilStates(editor.document, 'pending', 'pending');
    await acceptsAllInPlace(editor.document);
  });

  test('follows a change on disk, such as the checkout of another branch', async () => {
    const { document } = await reviewed();
    writeFileSync(document.uri.fsPath, soup.replace('# Soup\n', '# Tomato soup\n\nFor four.\n'));
    await until('the change to be read', () => document.getText().includes('Tomato soup'));
    await untilStates(document, 'pending', 'pending');
    await run('acceptAll');
    assert.ok(document.getText().startsWith('# Tomato soup\n\nFor four.\n\nChop '), document.getText());
    assert.ok(!document.getText().includes('<!--'));
  });

  test('applies nothing to a text from disk that holds other words there', async () => {
    const { document } = await reviewed();
    const other = '# Bread\n\nKnead <!--mask-->the dough<!--/mask-->.\n';
    writeFileSync(document.uri.fsPath, other);
    await until('the change to be read', () => document.getText() === other);
    await run('acceptAll');
    assert.equal(document.getText(), other);
  });

  test('keeps them when the file is renamed', async () => {
    const { document } = await reviewed();
    const moved = await rename(document.uri, 'renamed.md');
    await until('the review to move along', () => hunksOf(moved).length === 2);
    await acceptsAllInPlace(moved);
  });

  test('are the same in two editors on one document', async () => {
    const { document } = await reviewed();
    const second = await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
    await insert(second, 0, 'For four.\n\n');
    await untilStates(document, 'pending', 'pending');
    await acceptsAllInPlace(document);
  });

  // For extensions that is a document which is closed and opened again.
  test('stay with a document whose language is changed and changed back', async () => {
    const { document } = await reviewed();
    const plain = await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    const markdown = await vscode.languages.setTextDocumentLanguage(plain, 'markdown');
    await vscode.window.showTextDocument(markdown);
    await untilStates(markdown, 'pending', 'pending');
    await acceptsAllInPlace(markdown);
  });

  test('makes nothing of an edit whose editor cannot be opened', async () => {
    const { document } = await reviewed();
    await open('# Another\n');
    const window = vscode.window as { showTextDocument: unknown };
    const { showTextDocument } = vscode.window;
    window.showTextDocument = () => Promise.reject(new Error('no editor'));
    try {
      await run('acceptHunk', hunkArgument(document, 0));
    } finally {
      window.showTextDocument = showTextDocument;
    }
    assert.match(messages.shown.join('\n'), /no editor/);
    assert.deepEqual(statesOf(document), ['pending', 'pending']);
    assert.equal(hunksOf(document)[0]!.written, undefined);
    await vscode.window.showTextDocument(document);
    await acceptsAllInPlace(document);
  });

  test('makes nothing of an edit that VS Code refuses', async () => {
    const { document } = await reviewed();
    await whileReadOnly(() => run('acceptAll'));
    assert.equal(document.getText(), soup);
    assert.match(messages.shown.join('\n'), /could not be edited/);
    await untilStates(document, 'pending', 'pending');
    await acceptsAllInPlace(document);
  });
});
