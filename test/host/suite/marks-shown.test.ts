import assert from 'node:assert/strict';
import { suite, teardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeAll, insert, open } from '../support/documents.js';
import { until } from '../support/until.js';

suite('marks as they are shown', () => {
  teardown(closeAll);

  const at = ({ document }: vscode.TextEditor, text: string, after = 0): vscode.Position =>
    document.positionAt(document.getText().indexOf(text) + after);

  const diagnosticsOf = ({ document }: vscode.TextEditor): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'OneFlow');

  test('tells what is wrong with a mark, and mends it', async () => {
    const editor = await open(
      '# Soup\n\nSimmer <!--mask strenght=0.5-->it<!--/mask-->.\n\nServe <!--mask-->hot.\n',
    );
    const found = await until('two errors', () => {
      const all = diagnosticsOf(editor);
      return all.length === 2 ? all : undefined;
    });
    assert.deepEqual(
      found.map(({ code, range }) => [code, editor.document.getText(range)]),
      [
        ['option-unknown', 'strenght=0.5'],
        ['mark-unclosed', '<!--mask-->'],
      ],
    );
    // The workbench learns of errors a moment after the extension host.
    const fix = await until('a fix for the name of the option', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        editor.document.uri,
        found[0]!.range,
      );
      return actions.find(({ title }) => title === 'Write `strength`')?.edit;
    });
    await vscode.workspace.applyEdit(fix);
    assert.match(editor.document.getText(), /<!--mask strength=0\.5-->/);
    await until('one error', () => (diagnosticsOf(editor).length === 1 ? true : undefined));
  });

  test('are read again when a document is shown that has changed in the background', async () => {
    const editor = await open('# Soup\n\nSimmer it.\n');
    const settings = vscode.workspace.getConfiguration('editor');
    // Lenses would have it read.
    await settings.update('codeLens', false, vscode.ConfigurationTarget.Workspace);
    try {
      await open('# Bread\n');
      await insert(editor, editor.document.getText().indexOf('it.'), '<!--mask-->');
      await vscode.window.showTextDocument(editor.document);
      await until('the error', () => diagnosticsOf(editor).length === 1);
    } finally {
      await settings.update('codeLens', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('completes options, and the styles of the model', async () => {
    const editor = await open('Simmer <!--mask -->it<!--/mask-->.\n\n![a bowl](mask:?style=)\n');
    const labels = async (position: vscode.Position): Promise<string[]> => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        editor.document.uri,
        position,
      );
      return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    const options = await labels(at(editor, '<!--mask -->', '<!--mask '.length));
    for (const name of ['strength', 'length', 'max', 'seed', 'guidance'])
      assert.ok(options.includes(name), name);
    const styles = await labels(at(editor, 'style=', 'style='.length));
    assert.ok(styles.includes('noto'), styles.join());
    const prose = await labels(at(editor, 'Simmer', 'Simmer'.length));
    assert.ok(!prose.includes('strength'));
  });

  test('explains a slot under the pointer', async () => {
    const editor = await open('![a bowl of soup](mask:?seed=7)\n');
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      editor.document.uri,
      new vscode.Position(0, 4),
    );
    const text = hovers
      .flatMap(({ contents }) => contents.map((part) => (part as vscode.MarkdownString).value))
      .join('\n');
    assert.match(text, /image slot/);
    assert.match(text, /a bowl of soup|a&nbsp;bowl&nbsp;of&nbsp;soup/);
    assert.match(text, /seed=7/);
  });

  test('has a lens above every mark, which names it where there are several on a line', async () => {
    const editor = await open('A <!--mask-->plain<!--/mask--> soup.\n\n![a bowl](mask:) and <!--mask/-->\n');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      editor.document.uri,
      100,
    );
    assert.deepEqual(
      lenses.map(({ command, range }) => `${range.start.line} ${command?.title ?? ''}`),
      [
        '0 $(sparkle) Regenerate',
        '0 Unmask',
        '2 $(sparkle) Fill picture “a bowl”',
        '2 $(sparkle) Regenerate “something new”',
        '2 Unmask',
      ],
    );
    const unmask = lenses[1]!.command!;
    await vscode.commands.executeCommand(unmask.command, ...(unmask.arguments as unknown[]));
    assert.match(editor.document.getText(), /^A plain soup\./);
  });

  test('shows them in VS Code’s own Markdown preview', async () => {
    const html = await vscode.commands.executeCommand<string>(
      'markdown.api.render',
      'Simmer <!--mask-->for ten minutes<!--/mask-->.\n\n![a bowl](mask:)\n',
    );
    assert.match(html, /<span class="oneflow-mask"[^>]*>for ten minutes<\/span>/);
    assert.match(html, /<span class="oneflow-slot"[^>]*>a bowl<\/span>/);
  });
});
