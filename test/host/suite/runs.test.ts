import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  beside,
  exists,
  hunksOf,
  insert,
  open,
  rename,
  run,
  select,
  selectEach,
  statesOf,
  untilStates,
} from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { holdNextPanel, previewed } from '../support/preview-page.js';
import {
  engineError,
  recording,
  useEmbeddedModel,
  useHeldEngine,
  useScriptedEngine,
} from '../support/scripted.js';
import { until } from '../support/until.js';

const soup = [
  '# Soup',
  '',
  '![a red tomato](mask:)',
  '',
  'Simmer <!--mask-->for ten minutes<!--/mask--> and stir.',
  '',
  '## Serving',
  '',
  'Serve the soup hot.',
  '',
].join('\n');

/** Does `work` before the thread that reads documents is told anything more. */
async function beforeDocumentsAreRead(work: () => Promise<void>): Promise<void> {
  const { prototype } = Worker;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, 'postMessage')!;
  const postMessage = descriptor.value as (this: Worker, message: unknown) => void;
  const held: (() => void)[] = [];
  Object.defineProperty(prototype, 'postMessage', {
    ...descriptor,
    value(this: Worker, message: unknown) {
      held.push(() => {
        postMessage.call(this, message);
      });
    },
  });
  try {
    await work();
  } finally {
    Object.defineProperty(prototype, 'postMessage', descriptor);
    for (const post of held) post();
  }
}

suite('runs', () => {
  const messages = messagesOfTests();
  suiteTeardown(useEmbeddedModel);

  test('refine every mark of a document, and change nothing before it is accepted', async () => {
    const engine = await useScriptedEngine();
    const { document } = await open(soup);
    await run('refineDocument');
    assert.deepEqual(statesOf(document), ['pending', 'pending']);
    assert.deepEqual(
      hunksOf(document).map(({ kind, before }) => [kind, before]),
      [
        ['image', 'mask:'],
        ['text', '<!--mask-->for ten minutes<!--/mask-->'],
      ],
    );
    assert.equal(document.getText(), soup);
    assert.equal(engine.requests.length, 1);
  });

  test('fill the image slots alone', async () => {
    await useScriptedEngine();
    const { document } = await open(soup);
    await run('fillImagePlaceholders');
    assert.deepEqual(
      hunksOf(document).map(({ kind, state }) => [kind, state]),
      [['image', 'pending']],
    );
  });

  test('refine the text alone', async () => {
    await useScriptedEngine();
    const { document } = await open(soup);
    await run('refineText');
    assert.deepEqual(
      hunksOf(document).map(({ kind }) => kind),
      ['text'],
    );
  });

  test('regenerate the section under the cursor, its heading kept and no mark written', async () => {
    await useScriptedEngine();
    const editor = await open(soup);
    select(editor, 'Serve the', 0);
    await run('regenerateSelectedSection');
    const { document } = editor;
    assert.equal(document.getText(), soup);
    assert.deepEqual(
      hunksOf(document).map(({ before }) => before.trim()),
      ['Serve the soup hot.'],
    );
  });

  test('regenerate what is selected in several places and, all of it once more, the suggestions there', async () => {
    const engine = await useScriptedEngine();
    const editor = await open(soup);
    const { document } = editor;
    const masked = (request: number): number =>
      engine.requests[request]!.segments.filter((segment) => segment.kind === 'span').length;
    selectEach(editor, 'and stir', '|Serve the');
    await run('regenerateSelectedSection');
    const befores = ['and stir', 'Serve the soup hot.'];
    assert.deepEqual(
      hunksOf(document).map(({ before }) => before.trim()),
      befores,
    );
    assert.equal(masked(0), 2);
    await run('regenerateHunk');
    assert.equal(masked(1), 2);
    assert.deepEqual(
      hunksOf(document).map(({ before }) => before.trim()),
      befores,
    );
    assert.equal(new Set(hunksOf(document).map((hunk) => hunk.run)).size, 1);
    assert.equal(document.getText(), soup);
    assert.deepEqual(messages.shown, []);
  });

  test('take the settings of steps and seed', async () => {
    const engine = await useScriptedEngine();
    await open(soup);
    const settings = vscode.workspace.getConfiguration('oneflow');
    await settings.update('steps', 3, vscode.ConfigurationTarget.Workspace);
    await settings.update('seed', 11, vscode.ConfigurationTarget.Workspace);
    try {
      await run('refineDocument');
    } finally {
      await settings.update('steps', undefined, vscode.ConfigurationTarget.Workspace);
      await settings.update('seed', undefined, vscode.ConfigurationTarget.Workspace);
    }
    assert.equal(engine.requests[0]?.steps, 3);
    assert.equal(engine.requests[0].seed, 11);
  });

  test('go on while the author types; their hunks follow the text', async () => {
    let release: (() => void) | undefined;
    await useScriptedEngine({
      beforeFrame: (frame) => (frame === 2 ? new Promise<void>((resolve) => (release = resolve)) : undefined),
    });
    const editor = await open(soup);
    const { document } = editor;
    const ended = run('refineDocument');
    await until('the run to be held', () => release);
    assert.deepEqual(statesOf(document), ['running', 'running']);
    await insert(editor, 0, 'A preface.\n\n');
    release!();
    await ended;
    assert.deepEqual(statesOf(document), ['pending', 'pending']);
    const [picture] = hunksOf(document);
    assert.equal(document.getText().slice(picture!.place.start, picture!.place.end), 'mask:');
    await run('acceptAll');
    assert.ok(document.getText().startsWith('A preface.\n\n# Soup\n\n![a red tomato](images/'));
  });

  test('refuse a place that the author has changed meanwhile, and keep the others', async () => {
    let release: (() => void) | undefined;
    await useScriptedEngine({
      beforeFrame: (frame) => (frame === 2 ? new Promise<void>((resolve) => (release = resolve)) : undefined),
    });
    const editor = await open(soup);
    const { document } = editor;
    const ended = run('refineDocument');
    await until('the run to be held', () => release);
    await insert(editor, soup.indexOf('ten minutes'), 'about ');
    release!();
    await ended;
    assert.deepEqual(statesOf(document), ['pending', 'displaced']);
    await run('acceptAll');
    assert.ok(document.getText().includes('<!--mask-->for about ten minutes<!--/mask-->'));
  });

  test('refuse a second run on the same document, with the reason', async () => {
    let release: (() => void) | undefined;
    await useScriptedEngine({
      beforeFrame: () => new Promise<void>((resolve) => (release = resolve)),
    });
    await open(soup);
    const ended = run('refineDocument');
    await until('the run to be held', () => release);
    await run('refineDocument');
    assert.match(messages.shown.join('\n'), /going on already/);
    const stopped = run('stop');
    release!();
    await Promise.all([ended, stopped]);
  });

  test('stop within a pass, and keep what they have so far', async () => {
    let release: (() => void) | undefined;
    await useScriptedEngine({
      beforeFrame: (frame) => (frame === 3 ? new Promise<void>((resolve) => (release = resolve)) : undefined),
    });
    const { document } = await open(soup);
    const ended = run('refineText');
    await until('the run to be held', () => release);
    await run('stop');
    await run('stop');
    release!();
    await ended;
    assert.deepEqual(statesOf(document), ['pending']);
    // After its end it is nothing that anybody could be harmed by.
    await run('stop');
  });

  test('follow a file that is renamed, with their pictures and in the preview', async () => {
    const held = await useHeldEngine(2);
    const { document } = await open(soup);
    const panel = holdNextPanel();
    await run('openPreview');
    const { sent } = await panel;
    await until('the page to listen', () => sent.some(({ type }) => type === 'document'));
    const ended = run('refineDocument');
    await held.isHeld();
    const moved = await rename(document.uri, 'renamed.md');
    assert.deepEqual(statesOf(moved), ['running', 'running']);
    await run('refineDocument');
    assert.match(messages.shown.join('\n'), /going on already/);
    messages.clear();
    await until('the page to follow', () => previewed() === moved.uri.toString());
    const { length } = sent;
    held.release();
    await ended;
    assert.deepEqual(messages.shown, []);
    assert.deepEqual(statesOf(moved), ['pending', 'pending']);
    assert.deepEqual(hunksOf(document), []);
    await until('the page to be told of the end', () => {
      const told = sent.slice(length);
      return told.some(({ type }) => type === 'frames') && told.some(({ type }) => type === 'run-ended');
    });
    await run('acceptAll');
    assert.match(moved.getText(), /!\[a red tomato\]\(images\/a-red-tomato\.png\)/);
    assert.ok(await exists(beside(moved, 'images/a-red-tomato.png')));
    // And the document is free for another.
    await run('regenerateSelectedSection');
    assert.deepEqual(messages.shown, []);
  });

  test('that end while their file is renamed have their pictures at hand there', async () => {
    const last = recording().frames.length;
    for (let time = 0; time < 4; time += 1) {
      const held = await useHeldEngine(last);
      const { document } = await open(soup);
      const ended = run('fillImagePlaceholders');
      await held.isHeld();
      const moving = rename(document.uri, 'renamed.md');
      await new Promise((resolve) => setTimeout(resolve, 25 * time));
      held.release();
      const [moved] = await Promise.all([moving, ended]);
      await untilStates(moved, 'pending');
      await run('acceptAll');
      assert.deepEqual(messages.shown, []);
      assert.ok(await exists(beside(moved, 'images/a-red-tomato.png')));
    }
  });

  test('follow a file whose folder is renamed, and are stopped there', async () => {
    const held = await useHeldEngine(3);
    const { document } = await open(soup);
    const ended = run('refineText');
    await held.isHeld();
    const folder = vscode.Uri.joinPath(document.uri, '..');
    const moved = await rename(folder, 'kept/here', 'document.md');
    await run('stop');
    held.release();
    await ended;
    assert.deepEqual(statesOf(moved), ['pending']);
    assert.deepEqual(messages.shown, []);
  });

  test('that fail are repeated on the file under its new name', async () => {
    let release: (() => void) | undefined;
    await useScriptedEngine({
      beforeFrame: async () => {
        if (release !== undefined) return;
        await new Promise<void>((resolve) => (release = resolve));
        throw engineError('engine-died', 'The engine process ended unexpectedly during the run.');
      },
    });
    const { document } = await open(soup);
    const ended = run('refineText');
    await until('the run to be held', () => release);
    const moved = await rename(document.uri, 'renamed.md');
    messages.choose('Retry');
    release!();
    await ended;
    await untilStates(moved, 'pending');
  });

  test('that fail at a place are not repeated at another one, when the text has moved meanwhile', async () => {
    let release: (() => void) | undefined;
    const engine = await useScriptedEngine({
      beforeFrame: async () => {
        await new Promise<void>((resolve) => (release = resolve));
        throw engineError('engine-died', 'The engine process ended unexpectedly during the run.');
      },
    });
    const editor = await open(soup);
    select(editor, 'and stir');
    const ended = run('regenerateSelectedSection');
    await until('the run to be held', () => release);
    await insert(editor, 0, 'A preface.\n\n');
    messages.choose('Retry');
    release!();
    await ended;
    await until('the refusal', () => messages.shown.length === 2);
    assert.match(messages.shown[1]!, /^The document has changed meanwhile/);
    assert.equal(engine.requests.length, 1);
  });

  test('at a place are not begun at another one, when the author types in that moment', async () => {
    await useScriptedEngine();
    const editor = await open(soup);
    for (const command of ['regenerateSelectedSection', 'regenerateHunk']) {
      select(editor, 'Serve the', 0);
      let asked: Thenable<unknown>;
      await beforeDocumentsAreRead(async () => {
        asked = run(command);
        await insert(editor, 0, 'A preface.\n\n');
      });
      await asked!;
      assert.match(messages.shown.join('\n'), /^The document has changed meanwhile/);
      messages.clear();
      await run('regenerateSelectedSection');
      assert.deepEqual(statesOf(editor.document), ['pending']);
    }
  });

  test('say nothing untrue of a document that is closed meanwhile, and are there when it is opened again', async () => {
    const held = await useHeldEngine(2);
    const { document } = await open(soup);
    const ended = run('refineDocument');
    await held.isHeld();
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(document.uri);
    await vscode.workspace.applyEdit(edit);
    await until('the document to close', () => document.isClosed);
    held.release();
    await ended;
    assert.deepEqual(messages.shown, []);
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(soup));
    const again = await vscode.workspace.openTextDocument(document.uri);
    await untilStates(again, 'pending', 'pending');
  });

  test('follow a file that is closed, changed on disk and opened again meanwhile', async () => {
    await useScriptedEngine();
    const { document } = await open(soup);
    await run('refineDocument');
    const held = await useHeldEngine(2);
    const ended = run('refineText');
    await held.isHeld();
    const edit = new vscode.WorkspaceEdit();
    edit.deleteFile(document.uri);
    await vscode.workspace.applyEdit(edit);
    await until('the document to close', () => document.isClosed);
    await vscode.workspace.fs.writeFile(document.uri, Buffer.from(`For four.\n\n${soup}`));
    const again = await vscode.workspace.openTextDocument(document.uri);
    await vscode.window.showTextDocument(again);
    held.release();
    await ended;
    await untilStates(again, 'pending', 'pending');
    await run('acceptAll');
    assert.deepEqual(messages.shown, []);
    const text = again.getText();
    assert.ok(
      text.startsWith('For four.\n\n# Soup\n\n![a red tomato](images/a-red-tomato.png)\n\nSimmer '),
      text,
    );
    assert.ok(text.endsWith(' and stir.\n\n## Serving\n\nServe the soup hot.\n'), text);
    assert.ok(!text.includes('<!--'), text);
  });

  test('tell of a dead engine in a sentence, and run again when asked', async () => {
    let runs = 0;
    await useScriptedEngine({
      beforeFrame: (frame) => {
        if (frame === 1) runs += 1;
        if (runs === 1 && frame === 2) {
          throw engineError('engine-died', 'The engine process ended unexpectedly during the run.');
        }
      },
    });
    const { document } = await open(soup);
    messages.choose('Retry');
    await run('refineText');
    assert.deepEqual(messages.shown, ['The engine process ended unexpectedly during the run.']);
    await untilStates(document, 'pending');
    assert.equal(runs, 2);
  });

  test('that would fail the same way again are told of without a Retry', async () => {
    const { model, ...recorded } = recording();
    for (const code of ['bad-model', 'bad-document', 'run-failed', 'out-of-memory'] as const) {
      await useScriptedEngine({
        beforeFrame: () => {
          throw engineError(code, 'It cannot be done.');
        },
      });
      await open(soup);
      await run('refineText');
    }
    await useScriptedEngine({ recording: { ...recorded, model: { ...model, styles: ['photo'] } } });
    await open('![a red tomato](mask:?style=noto)\n');
    await run('refineDocument');
    assert.equal(messages.shown.length, 5);
    assert.deepEqual([...new Set(messages.offered)], ['Show Log']);
  });

  test('tell what was not at hand in one message, and what the engine fell back to once', async () => {
    const { model, ...recorded } = recording();
    const deviceNote = 'The GPU computes wrong numbers with webgpu; the CPU is used.';
    await useScriptedEngine({ recording: { ...recorded, model: { ...model, deviceNote } } });
    await open('![a bowl](bowl.png)\n\n<!--mask-->\n![a pot](pot.png)\n<!--/mask-->\n');
    await run('refineDocument');
    const bowl = 'The picture bowl.png is not at hand, so the model knows it by its alt text alone.';
    assert.deepEqual(messages.shown, [deviceNote, `${bowl} And 1 more.`]);
    messages.clear();
    await run('rejectAll');
    await run('refineDocument');
    assert.deepEqual(messages.shown, [`${bowl} And 1 more.`]);
    messages.clear();
    await open(soup);
    await run('refineDocument');
    assert.deepEqual(messages.shown, []);
  });

  test('are told of by the settings that they began with', async () => {
    const { model, ...recorded } = recording();
    const deviceNote = 'The GPU computes wrong numbers with webgpu; the CPU is used.';
    let release: (() => void) | undefined;
    await useScriptedEngine({
      recording: { ...recorded, model: { ...model, deviceNote } },
      beforeFrame: (frame) => (frame === 2 ? new Promise<void>((resolve) => (release = resolve)) : undefined),
    });
    await open('![a bowl](bowl.png)\n\nSimmer <!--mask-->it<!--/mask-->.\n');
    const settings = vscode.workspace.getConfiguration('oneflow');
    const ended = run('refineDocument');
    await until('the run to be held', () => release);
    await settings.update('device', 'cpu', vscode.ConfigurationTarget.Workspace);
    try {
      release!();
      await ended;
    } finally {
      await settings.update('device', undefined, vscode.ConfigurationTarget.Workspace);
    }
    const bowl = 'The picture bowl.png is not at hand, so the model knows it by its alt text alone.';
    assert.deepEqual(messages.shown, [deviceNote, bowl]);
  });

  test('say where a mark is wrong instead of running', async () => {
    const engine = await useScriptedEngine();
    await open('# Soup\n\nSimmer <!--mask strength=2-->a while<!--/mask-->.\n');
    await run('refineDocument');
    assert.equal(engine.requests.length, 0);
    assert.match(messages.shown.join('\n'), /^Line 3, column \d+: /);
  });

  test('say so when there is nothing to do', async () => {
    const engine = await useScriptedEngine();
    await open('# Soup\n\nServe.\n');
    await run('fillImagePlaceholders');
    assert.equal(engine.requests.length, 0);
    assert.equal(messages.shown.length, 1);
  });
});
