import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { suite, test } from 'mocha';
import * as vscode from 'vscode';
import { extension } from '../support/extension.js';

suite('activation', () => {
  test('takes its time', async () => {
    const empty = vscode.extensions.getExtension('oneflow-test.empty');
    assert.ok(empty);
    const times: Record<string, { elapsed: number; cpu: number }> = {};
    const measure = async (name: string, one: vscode.Extension<unknown>): Promise<void> => {
      assert.ok(!one.isActive, `${name} was active already`);
      const [start, used] = [performance.now(), process.cpuUsage()];
      await one.activate();
      const { user, system } = process.cpuUsage(used);
      times[name] = { elapsed: performance.now() - start, cpu: (user + system) / 1000 };
    };
    // The first extension of a window pays for what all of them need.
    const builtIn = vscode.extensions.all.find(
      ({ id, isActive, packageJSON }) => id.startsWith('vscode.') && !isActive && 'main' in packageJSON,
    );
    await builtIn?.activate();
    const turns = [() => measure('empty', empty), () => measure('oneflow', extension())];
    if (process.env['ONEFLOW_OWN_FIRST'] === '1') turns.reverse();
    for (const turn of turns) await turn();
    appendFileSync(process.env['ONEFLOW_HOST_MEASUREMENTS']!, `${JSON.stringify(times)}\n`);
  });
});
