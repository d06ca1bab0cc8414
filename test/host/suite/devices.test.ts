import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { ScriptedEngine } from '../../../src/engine/scripted-engine.js';
import type { DeviceReport } from '../../../src/protocol/devices.js';
import { open, run } from '../support/documents.js';
import { messagesOfTests } from '../support/messages.js';
import { recording, useEmbeddedModel, useEngine } from '../support/scripted.js';

const failed: DeviceReport = {
  auto: 'cpu',
  threads: 2,
  speeds: [],
  gpus: [{ provider: 'webgpu', verdict: { usable: false, problem: 'failed', detail: 'lost' } }],
};
const mended: DeviceReport = {
  ...failed,
  auto: 'webgpu',
  gpus: [
    {
      provider: 'webgpu',
      verdict: { usable: true, maxAbsoluteError: 0, milliseconds: 1, cpuMilliseconds: 3 },
    },
  ],
};

suite('devices', () => {
  const messages = messagesOfTests();
  suiteTeardown(useEmbeddedModel);

  test('are all tried again when the author asks for it, and the next run has an engine that knows of it', async () => {
    const asked: boolean[] = [];
    let engines = 0;
    await useEngine(async () => {
      engines += 1;
      const devices = (afresh: boolean): DeviceReport => {
        asked.push(afresh);
        return afresh ? mended : failed;
      };
      return new ScriptedEngine({ recording: recording(), devices });
    });
    const setting = (): unknown =>
      vscode.workspace.getConfiguration('oneflow').inspect('device')?.globalValue;
    const details = (): (string | undefined)[] => messages.lists.at(-1)!.map(({ detail }) => detail);
    try {
      await run('selectDevice');
      assert.deepEqual([messages.lists.length, setting()], [1, undefined]);
      assert.equal(details()[2], 'Cannot be used: failed');
      messages.pick('Try all devices again');
      messages.pick('webgpu');
      await run('selectDevice');
      assert.equal(messages.lists.length, 3);
      assert.equal(details()[2], '3.0 times the speed of the CPU');
      assert.equal(setting(), 'webgpu');
    } finally {
      await vscode.workspace
        .getConfiguration('oneflow')
        .update('device', undefined, vscode.ConfigurationTarget.Global);
    }
    assert.deepEqual(asked, [false, false, true]);
    assert.equal(engines, 1);
    await open('# Soup\n\nSimmer <!--mask-->it<!--/mask--> well.\n');
    await run('refineText');
    assert.equal(engines, 2);
    assert.deepEqual(messages.shown, []);
  });
});
