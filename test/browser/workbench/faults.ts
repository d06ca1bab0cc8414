/** What happens to the extension as a whole, in a real workbench: trust, reloads, hosts that end. `npm run test:faults` */
import assert from 'node:assert/strict';
import path from 'node:path';
import { Workbench } from './workbench.js';

const soup = 'tomato-soup.md';
/** Steps of a run that is to be cut off: enough for any machine. */
const endless = 1000;
/** Loading the model on a busy machine. */
const patience = 180_000;

void main();

async function main(): Promise<void> {
  await inWorkbench('does not run in Restricted Mode, and runs as soon as the workspace is trusted', trust, {
    workspaceTrust: true,
  });
  await inWorkbench('leaves nothing behind of a run that a reload cuts off', reloadDuringRun);
  await inWorkbench('leaves no engine behind when the extension host dies', hostEndsDuringRun);
  console.log('The faults of the whole were survived; screenshots are in out/screenshots.');
}

async function inWorkbench(
  name: string,
  test: (workbench: Workbench) => Promise<void>,
  { workspaceTrust = false } = {},
): Promise<void> {
  const start = performance.now();
  const workbench = await Workbench.open({
    vsix: process.env['ONEFLOW_VSIX']!,
    workspace: path.resolve('examples'),
    screenshots: path.resolve('out', 'screenshots'),
    settings: { 'oneflow.device': 'cpu', 'oneflow.steps': endless, 'oneflow.seed': 7 },
    workspaceTrust,
  });
  try {
    await workbench.openFile(soup);
    await test(workbench);
    console.log(`✓ ${name} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  } catch (error) {
    await workbench.screenshot('failure');
    throw new Error(name, { cause: error });
  } finally {
    await workbench.dispose();
  }
}

async function trust(workbench: Workbench): Promise<void> {
  const before = await workbench.saved(soup);
  // The list of what is offered is complete when the commands on marks are there.
  await workbench.until(async () => (await offered(workbench)).includes('OneFlow: Mask Selection'), 'marks');
  assert.ok(!(await offered(workbench)).some((title) => title.startsWith('OneFlow: Refine')));
  await workbench.command('OneFlow: Open Refinement Preview to the Side');
  await workbench.webview().locator('h1', { hasText: 'Tomato soup' }).waitFor();
  await workbench.screenshot('restricted-mode');
  await workbench.focusEditor();
  await workbench.command('OneFlow: Remove All Marks');
  await workbench.savedAs(soup, (text) => text !== before && !text.includes('<!--'));
  assert.deepEqual(workbench.engineProcesses(), []);

  await workbench.command('Workspaces: Manage Workspace Trust');
  await workbench.page
    .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
    .first()
    .click();
  await workbench.openFile(soup);
  await workbench.command('OneFlow: Fill Image Placeholders');
  await workbench.until(async () => workbench.engineProcesses().length > 0, 'the engine', patience);
}

function offered(workbench: Workbench): Promise<string[]> {
  return workbench.offered('OneFlow: ');
}

async function reloadDuringRun(workbench: Workbench): Promise<void> {
  const before = await workbench.saved(soup);
  await workbench.command('OneFlow: Open Refinement Preview to the Side');
  await workbench.webview().locator('h1', { hasText: 'Tomato soup' }).waitFor();
  await workbench.focusEditor();
  await workbench.command('OneFlow: Refine Document');
  await workbench.notification(/step \d+ of/).waitFor({ timeout: patience });
  await workbench.reload();
  // The preview comes back with its document.
  await workbench.webview().locator('h1', { hasText: 'Tomato soup' }).waitFor();
  await workbench.until(async () => workbench.engineProcesses().length === 0, 'the engine to go');
  await workbench.focusEditor();
  assert.equal(await workbench.codeLens('Accept').count(), 0);
  assert.equal(await workbench.saved(soup), before);
  // And it runs again.
  await workbench.command('OneFlow: Fill Image Placeholders');
  await workbench.notification(/step \d+ of/).waitFor({ timeout: patience });
}

async function hostEndsDuringRun(workbench: Workbench): Promise<void> {
  await workbench.command('OneFlow: Refine Document');
  await workbench.notification(/step \d+ of/).waitFor({ timeout: patience });
  const [engine] = workbench.engineProcesses();
  assert.ok(engine !== undefined);
  process.kill(workbench.parentOf(engine), 'SIGKILL');
  // Nobody is left who could end it.
  await workbench.until(
    async () => !workbench.engineProcesses().includes(engine),
    'the orphan to go',
    10_000,
  );
}
