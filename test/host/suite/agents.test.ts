import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { open, rename, untilStates } from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { recording, useEmbeddedModel, useScriptedEngine } from '../support/scripted.js';

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
});
