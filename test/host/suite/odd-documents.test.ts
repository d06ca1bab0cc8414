/** Documents that are hostile, broken or only odd. */
import assert from 'node:assert/strict';
import { setup, suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { hunksOf, open, openUntitled, run, select } from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { measureSlices } from '../support/slices.js';
import { useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';
import type { ScriptedEngine } from '../../../src/engine/scripted-engine.js';

/** Stands in the texts below for a masked span. */
const span = '<!--mask-->some words<!--/mask-->';

suite('an odd document', () => {
  const messages = messagesOfTests();
  let engine: ScriptedEngine;
  setup(async () => {
    engine = await useScriptedEngine();
    // VS Code would ask what to do with U+2028 before it shows them.
    await vscode.workspace
      .getConfiguration('editor')
      .update('unusualLineTerminators', 'off', vscode.ConfigurationTarget.Workspace);
  });
  suiteTeardown(async () => {
    await useEmbeddedModel();
    await vscode.workspace
      .getConfiguration('editor')
      .update('unusualLineTerminators', undefined, vscode.ConfigurationTarget.Workspace);
  });

  /** Refines the spans, accepts all, and sees that nothing else has changed, and that undo brings back what was. */
  async function refinesSpansAlone(document: vscode.TextDocument): Promise<void> {
    const before = document.getText();
    const outside = before.split(span);
    await run('refineDocument');
    // Its pictures are not there, and that is said.
    assert.deepEqual(
      messages.shown.filter((message) => !message.endsWith('by its alt text alone.')),
      [],
    );
    assert.deepEqual(
      hunksOf(document).map((hunk) => [hunk.state, hunk.before]),
      outside.slice(1).map(() => ['pending', span]),
    );
    await run('acceptAll');
    const after = document.getText();
    let from = 0;
    for (const part of outside) {
      const at = after.indexOf(part, from);
      assert.ok(at >= 0, `${JSON.stringify(part)} is missing in ${JSON.stringify(after)}`);
      from = at + part.length;
    }
    assert.ok(after.startsWith(outside[0]!) && after.endsWith(outside.at(-1)!));
    assert.ok(!after.includes(span));
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
  }

  const odd: Readonly<Record<string, string>> = {
    'controls and bidi characters': `Soup\0 \ud800\udc00 and ${span} \u202egnp\u202c \u2067x\u2069 end\u0007.\n`,
    'separators that are no line ends': `One\u2028two ${span} three\u2029four\u0085five.\u000b\n\n${span}\n`,
    'a word joiner at its start, and bidi characters in an alt text': `\u2060![\u202egnp.exe\u0000](x.png) ${span}.\n`,
    'front matter with tags, a bomb and a mark': `---\na: &a [x, x]\nb: [*a, *a]\nc: !!js/function "<!--mask-->no<!--/mask-->"\n---\n\n${span}\n`,
    'fences that show how to mark': `Write\n\n\`\`\`md\n<!--mask-->this<!--/mask--> ![x](mask:)\n\`\`\`\n\nor \`<!--mask/-->\` for ${span}.\n`,
    'marks in comments and in HTML': `A <!-- not <!--mask--> this --> soup.\n\n<div title="<!--mask/-->">\n</div>\n\nGood ${span} here.\n`,
    'a table, a list and a quote': `| a | b |\n|---|---|\n| x | ${span} |\n\n1. one\n   - ${span}\n\n> A ${span} b.\n`,
    'CRLF line ends, tabs and no line end at its end': `# Soup\r\n\r\n-\tSimmer ${span} well.\r\n\r\nServe\t${span}`,
    'Chinese, Arabic and emoji around its marks': `汤：${span}。\n\nحساء ${span} ساخن\n\n👨‍👩‍👧${span}🍅\n`,
  };
  for (const [name, text] of Object.entries(odd)) {
    test(`with ${name} is refined in its marks alone`, async () => {
      const { document } = await openUntitled(text);
      assert.equal(document.getText(), text);
      await refinesSpansAlone(document);
    });
  }

  test('with a byte order mark keeps it', async () => {
    const { document } = await open(`\ufeff# Soup\n\nSimmer ${span} well.\n`);
    await refinesSpansAlone(document);
    await run('refineDocument');
    await run('acceptAll');
    await document.save();
    const bytes = await vscode.workspace.fs.readFile(document.uri);
    assert.deepEqual([...bytes.slice(0, 5)], [0xef, 0xbb, 0xbf, 0x23, 0x20]);
  });

  const wrong: Readonly<Record<string, string>> = {
    'A mark in a mark': 'A <!--mask-->b <!--mask-->c<!--/mask--> d<!--/mask--> e.\n',
    'A mark across a list': 'A <!--mask-->b\n\n- c<!--/mask--> d\n',
    'A mark across a link': 'A <!--mask-->b [c<!--/mask--> d](e.md)\n',
    'A mark without its end': 'A <!--mask-->b.\n\nC.\n',
    'An end without its mark': 'A b<!--/mask-->.\n',
  };
  for (const [name, text] of Object.entries(wrong)) {
    test(`${name} is told with its place, and nothing runs`, async () => {
      const { document } = await open(text);
      await run('refineDocument');
      assert.match(messages.shown.join('\n'), /^Line \d+, column \d+: /);
      assert.deepEqual([engine.requests.length, hunksOf(document).length], [0, 0]);
      assert.equal(document.getText(), text);
    });
  }

  test('with hundreds of marks is refined and undone', async () => {
    const { document } = await open(`A ${span} b.\n\n`.repeat(500));
    await refinesSpansAlone(document);
  });

  test('with 10,000 marks has one taken away and put back, and the extension host stays free', async function () {
    this.timeout(120_000);
    const text = `Simmer ${span} well.\n\n`.repeat(10_000);
    const { longest } = await measureSlices(async () => {
      const editor = await open(text);
      const { document } = editor;
      select(editor, 'some words', 0);
      await run('unmask');
      assert.equal(document.getText(), text.replace(span, 'some words'));
      select(editor, 'some words');
      await run('maskSelection');
      assert.equal(document.getText(), text);
      // Both are there as soon as the document is read as it is now.
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
      );
      assert.equal(lenses.length, 20_000);
    });
    assert.deepEqual(messages.shown, []);
    // An older Node tells no more than the wall time, which is that of everything else on the machine, too.
    if (!('threadCpuUsage' in process)) return;
    assert.ok(longest[0]! < 250, `it was busy for ${longest.join(', ')} ms at a stretch`);
  });
});
