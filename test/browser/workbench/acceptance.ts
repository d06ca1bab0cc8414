/**
 * What an author does with the packaged extension, from a clean profile on: `npm run test:acceptance`. Each step leaves
 * a screenshot in out/screenshots.
 */
import assert from 'node:assert/strict';
import path from 'node:path';
import { Workbench } from './workbench.js';

void main();

async function main(): Promise<void> {
  const workbench = await Workbench.open({
    vsix: process.env['ONEFLOW_VSIX']!,
    workspace: path.resolve('examples'),
    screenshots: path.resolve('out', 'screenshots'),
    settings: { 'oneflow.steps': 4, 'oneflow.seed': 7 },
  });
  try {
    await workbench.openFile('tomato-soup.md');
    await workbench.screenshot('1-opened');
    assert.deepEqual(await workbench.offered('OneFlow: Show Log'), ['OneFlow: Show Log']);
    await workbench.command('OneFlow: Show Log');
    await workbench.screenshot('2-log');
  } catch (error) {
    await workbench.screenshot('failure');
    throw error;
  } finally {
    await workbench.dispose();
  }
}
