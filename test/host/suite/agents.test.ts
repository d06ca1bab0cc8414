import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import {
  hunksOf,
  namesBeside,
  open,
  rename,
  run,
  statesOf,
  untilStates,
  workspaceFolder,
} from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { engineError, recording, useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';

const soup = '# Soup\n\n![a red tomato](mask:)\n\nSimmer <!--mask-->it<!--/mask--> well.\n';

/** What an agent is answered that calls a tool of the extension. */
async function call(tool: 'refine_document' | 'fill_image_slots', input: object): Promise<string> {
  const { content } = await vscode.lm.invokeTool(`oneflow_${tool}`, {
    input,
    toolInvocationToken: undefined,
  });
  return content.map((part) => (part as vscode.LanguageModelTextPart).value).join('');
}

/** Does `work` and gives what the progress of runs says first meanwhile. */
async function firstProgress(work: () => Thenable<unknown>): Promise<string | undefined> {
  const window = vscode.window as { withProgress: typeof vscode.window.withProgress };
  const { withProgress } = window;
  let first: string | undefined;
  window.withProgress = (options, task) =>
    withProgress(options, (progress, token) =>
      task(
        {
          report: (value) => {
            first ??= value.message;
            progress.report(value);
          },
        },
        token,
      ),
    );
  try {
    await work();
  } finally {
    window.withProgress = withProgress;
  }
  return first;
}

suite('agents', () => {
  const messages = messagesOfTests();
  suiteTeardown(useEmbeddedModel);

  test('stop their run on a file that was renamed meanwhile', async () => {
    let frames = 0;
    let mayGoOn = false;
    await useScriptedEngine({
      beforeFrame: async (frame) => {
        frames = frame;
        if (frame === 1) return;
        // Slowly: that it is cancelled takes a moment to be told.
        do await new Promise((resolve) => setTimeout(resolve, 50));
        while (!mayGoOn);
      },
    });
    const { document } = await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    const agent = new vscode.CancellationTokenSource();
    const input = { path: document.uri.fsPath };
    const answer = vscode.lm.invokeTool(
      'oneflow_refine_document',
      { input, toolInvocationToken: undefined },
      agent.token,
    );
    await untilStates(document, 'running');
    const moved = await rename(document.uri, 'renamed.md');
    agent.cancel();
    mayGoOn = true;
    await assert.rejects(Promise.resolve(answer), /Canceled/);
    await untilStates(moved, 'pending');
    assert.ok(frames < recording().frames.length, `${frames} frames were made`);
    assert.deepEqual(messages.shown, []);
  });

  test('are told what is under review, and the document stays as it is', async () => {
    const engine = await useScriptedEngine();
    const { document } = await open(soup);
    const answer = await call('refine_document', { path: document.uri.fsPath, seed: 5 });
    const [picture, text] = hunksOf(document);
    assert.deepEqual(answer.split('\n'), [
      '2 suggestions are under review (seed 5); the document is unchanged until the author accepts what is suggested in the editor:',
      '- a picture for “a red tomato”',
      `- instead of "it": ${JSON.stringify(text!.after![0])}`,
    ]);
    assert.deepEqual([picture!.kind, text!.kind], ['image', 'text']);
    assert.deepEqual(statesOf(document), ['pending', 'pending']);
    assert.equal(document.getText(), soup);
    assert.equal(document.isDirty, false);
    assert.deepEqual(await namesBeside(document), ['document.md']);
    assert.equal(engine.requests[0]!.seed, 5);
    assert.deepEqual(messages.shown, []);
  });

  test('have image slots filled, and no text, in a document named relative to the workspace', async () => {
    await useScriptedEngine();
    const { document } = await open(soup);
    const path = vscode.workspace.asRelativePath(document.uri);
    const answer = await call('fill_image_slots', { path, seed: 0 });
    assert.deepEqual(answer.split('\n'), [
      '1 suggestion is under review (seed 0); the document is unchanged until the author accepts what is suggested in the editor:',
      '- a picture for “a red tomato”',
    ]);
    assert.deepEqual(
      hunksOf(document).map(({ kind, state }) => [kind, state]),
      [['image', 'pending']],
    );
    assert.equal(document.getText(), soup);
    assert.deepEqual(messages.shown, []);
  });

  test('are told in a sentence why nothing was refined', async () => {
    await useScriptedEngine();
    const { document } = await open('# Soup\n\nServe.\n');
    const path = document.uri.fsPath;
    await assert.rejects(
      call('fill_image_slots', { path }),
      /Nothing was refined\. This document has no image/,
    );
    await useScriptedEngine({
      beforeFrame: () => {
        throw engineError('engine-died', 'The engine process ended unexpectedly; try again.');
      },
    });
    const { document: masked } = await open(soup);
    assert.equal(
      await call('refine_document', { path: masked.uri.fsPath }),
      'The run failed: The engine process ended unexpectedly; try again.',
    );
    assert.deepEqual(messages.shown, []);
  });

  test('read Markdown documents of the workspace alone', async () => {
    const engine = await useScriptedEngine();
    const folder = workspaceFolder();
    const outside = vscode.Uri.joinPath(folder, '..', 'outside.md');
    const text = vscode.Uri.joinPath(folder, 'soup.txt');
    for (const uri of [outside, text]) await vscode.workspace.fs.writeFile(uri, Buffer.from(soup));
    try {
      const { length } = vscode.workspace.textDocuments;
      const paths = [outside.fsPath, '../outside.md', `${folder.fsPath}/../outside.md`, 'nowhere.md', ''];
      for (const path of paths) {
        await assert.rejects(
          call('refine_document', { path }),
          /There is no Markdown document .* in this workspace/,
        );
      }
      assert.equal(vscode.workspace.textDocuments.length, length);
      await assert.rejects(
        call('refine_document', { path: 'soup.txt' }),
        /There is no Markdown document soup\.txt/,
      );
    } finally {
      for (const uri of [outside, text]) await vscode.workspace.fs.delete(uri);
    }
    assert.equal(engine.requests.length, 0);
  });

  test('are told how to ask when their input is wrong', async () => {
    const engine = await useScriptedEngine();
    await open(soup);
    for (const input of [{}, { path: 5 }, { path: 'soup.md', seed: -1 }, { path: 'soup.md', seed: '7' }]) {
      await assert.rejects(
        call('refine_document', input),
        /The input must be \{"path": "…", "seed"\?: 0–4294967295\}\./,
      );
    }
    assert.equal(engine.requests.length, 0);
  });

  test('have nothing run in Restricted Mode, whatever hides their tools there', async () => {
    const engine = await useScriptedEngine();
    const { document } = await open(soup);
    const isTrusted = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted')!;
    Object.defineProperty(vscode.workspace, 'isTrusted', { ...isTrusted, get: () => false });
    try {
      await assert.rejects(
        call('refine_document', { path: document.uri.fsPath }),
        /OneFlow does not run in Restricted Mode\. Ask the author to trust the workspace\./,
      );
    } finally {
      Object.defineProperty(vscode.workspace, 'isTrusted', isTrusted);
    }
    assert.equal(engine.requests.length, 0);
  });

  test('have runs from which it is learnt how long runs take', async () => {
    await useScriptedEngine();
    const { document } = await open(soup);
    const settings = vscode.workspace.getConfiguration('oneflow');
    // Of a model that no other test uses: nothing is known of it.
    await settings.update('model', '/nowhere/agents-model', vscode.ConfigurationTarget.Global);
    try {
      await call('refine_document', { path: document.uri.fsPath });
      assert.match((await firstProgress(() => run('refineText')))!, /^starting, about \d+ s$/);
    } finally {
      await settings.update('model', undefined, vscode.ConfigurationTarget.Global);
    }
  });
});
