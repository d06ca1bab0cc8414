/** The extension with the model that it ships: few steps, the whole way. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { namesBeside, open, run, statesOf, untilStates } from '../support/documents.js';
import { extension } from '../support/extension.js';
import { messagesOfTests } from '../support/messages.js';
import { useEmbeddedModel } from '../support/scripted.js';
import { until } from '../support/until.js';

/** Loading the model and a few passes, on a machine that is busy with other things. */
const patience = 180_000;

const soup =
  '# Soup\n\n![a red tomato](mask:?size=128)\n\nSimmer <!--mask-->for a while<!--/mask--> and serve.\n';

suite('the embedded model', function () {
  this.timeout(patience);
  const messages = messagesOfTests();
  const settings = (): vscode.WorkspaceConfiguration => vscode.workspace.getConfiguration('oneflow');
  suiteSetup(async () => {
    await useEmbeddedModel();
    await settings().update('device', 'cpu', vscode.ConfigurationTarget.Workspace);
    await settings().update('steps', 3, vscode.ConfigurationTarget.Workspace);
    await settings().update('seed', 7, vscode.ConfigurationTarget.Workspace);
  });
  suiteTeardown(async () => {
    for (const name of ['device', 'steps', 'seed']) {
      await settings().update(name, undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('refines text and pictures of a document, which are accepted in one step', async () => {
    const { document } = await open(soup);
    await run('refineDocument');
    assert.deepEqual(messages.shown, []);
    assert.deepEqual(statesOf(document), ['pending', 'pending']);
    await run('acceptAll');
    assert.match(
      document.getText(),
      /^# Soup\n\n!\[a red tomato\]\(images\/a-red-tomato\.png\)\n\nSimmer [^\n]* and serve\.\n$/,
    );
    assert.deepEqual(await namesBeside(document, 'images'), ['a-red-tomato.png']);
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), soup);
  });

  test('gives the same for the same seed', async () => {
    const texts: string[] = [];
    for (let time = 0; time < 2; time += 1) {
      const { document } = await open(soup);
      await run('refineText');
      await run('acceptAll');
      texts.push(document.getText());
    }
    assert.equal(texts[0], texts[1]);
  });

  test('is started again after its process was killed, when the author asks to retry', async () => {
    const { document } = await open(soup);
    const ended = run('refineText');
    messages.choose('Retry');
    const pid = await until('the engine process', engineProcess, patience);
    process.kill(pid, 'SIGKILL');
    await ended;
    assert.equal(messages.shown.length, 1);
    assert.match(messages.shown[0]!, /^The engine process .*\.$/);
    await untilStates(document, 'pending');
  });
});

/** The process that the extension host has started, as the system lists it. */
function engineProcess(): number | undefined {
  const host = path.join(extension().extensionPath, 'dist', 'engine-host.cjs');
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,args='], { encoding: 'utf8' });
  const line = stdout.split('\n').find((entry) => entry.includes(host));
  return line === undefined ? undefined : parseInt(line, 10);
}
