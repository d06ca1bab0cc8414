import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { measureSlices, type Slices } from '../support/slices.js';

const lines = 5000;
const marks = 200;

suite('a document of 5,000 lines with 200 marks', () => {
  test('typing, without a run and during one, keeps the extension host free', async function () {
    this.timeout(300_000);
    const document = await openLargeDocument();
    const editor = await vscode.window.showTextDocument(document);
    await setTimeout(3000); // the first reading of the document
    const typing = await measureSlices(() => type(editor, 150));
    report('typing', typing);

    const run = vscode.commands.executeCommand('oneflow.refineDocument');
    await setTimeout(4000); // planned and loaded; a pass over so many marks takes seconds
    const during = await measureSlices(() => type(editor, 150));
    await vscode.commands.executeCommand('oneflow.stop');
    await run;
    report('typing during a run', during);
    const overHunks = await measureSlices(() => type(editor, 150));
    report('typing beside hunks', overHunks);

    for (const { shareBelow16, longest } of [typing, during, overHunks]) {
      assert.ok(shareBelow16 >= 0.99);
      assert.ok(longest[0]! < 50);
    }
  });
});

/** Types letters here and there, as fast as a quick author. */
async function type(editor: vscode.TextEditor, letters: number): Promise<void> {
  for (let count = 0; count < letters; count += 1) {
    // Lines between the marks.
    const line = ((count * 977) % (lines - 10)) + 5;
    await editor.edit((builder) => {
      builder.insert(new vscode.Position(line - (line % 25) + 7, 0), 'x');
    });
    await setTimeout(40);
  }
}

async function openLargeDocument(): Promise<vscode.TextDocument> {
  const every = lines / marks;
  const text = Array.from({ length: lines }, (_, line) => {
    if (line % (every * 20) === 0) return `# Section ${line}`;
    if (line % every === 3) {
      return line % 2 === 0
        ? '![a red tomato](mask:)'
        : 'Simmer the soup <!--mask-->for ten minutes<!--/mask--> and taste it.';
    }
    return line % 2 === 0 ? '' : `Line ${line}: stir the soup now and then, and keep the lid on the pan.`;
  }).join('\n');
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'large.md');
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return vscode.workspace.openTextDocument(uri);
}

function report(name: string, { count, median, p99, longest, shareBelow16 }: Slices): void {
  console.log(
    `${name}: ${count} slices, median ${median.toFixed(2)} ms, 99 % below ${p99.toFixed(2)} ms, ${(100 * shareBelow16).toFixed(2)} % below 16 ms, longest ${longest.map((slice) => slice.toFixed(1)).join(', ')} ms`,
  );
}
