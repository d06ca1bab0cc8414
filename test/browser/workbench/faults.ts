/** What happens to the extension as a whole, in a real workbench: trust, reloads, hosts that end. `npm run test:faults` */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { Workbench, type WorkbenchSetUp } from './workbench.js';

const soup = 'tomato-soup.md';
/** Steps of a run that is to be cut off: enough for any machine. */
const endless = 1000;
/** Loading the model on a busy machine. */
const patience = 180_000;

interface Fault {
  readonly name: string;
  readonly test: (workbench: Workbench) => Promise<void>;
  readonly setUp?: Partial<WorkbenchSetUp>;
}

const faults: readonly Fault[] = [
  {
    name: 'does not run in Restricted Mode, and runs as soon as the workspace is trusted',
    test: trust,
    setUp: { workspaceTrust: true },
  },
  { name: 'leaves nothing behind of a run that a reload cuts off', test: reloadDuringRun },
  { name: 'brings back what a run was about to replace that a reload cuts off', test: reloadDuringSecondRun },
  {
    name: 'brings back the suggestions of an untitled document after a reload',
    test: reloadUntitled,
    setUp: { settings: { 'oneflow.device': 'cpu', 'oneflow.steps': 3 } },
  },
  { name: 'leaves no engine behind when the extension host dies', test: hostEndsDuringRun },
  {
    name: 'leaves no picture behind when the extension host dies in an accept',
    test: hostEndsInAccept,
    setUp: {
      // Neither a program nor a model is taken from a workspace: with these there would be no run.
      workspaceSettings: { 'oneflow.nodePath': '/nowhere', 'oneflow.model': '/nowhere', 'oneflow.steps': 3 },
      otherExtension: path.resolve('test', 'browser', 'workbench', 'crash-extension'),
    },
  },
  {
    name: 'has a preview that says when it cannot start, and that lives on in another window',
    test: preview,
  },
];

void main();

/** All of them, or those whose name holds the argument. */
async function main(): Promise<void> {
  const wanted = faults.filter(({ name }) => name.includes(process.argv[2] ?? ''));
  for (const fault of wanted) await inWorkbench(fault);
  console.log('The faults of the whole were survived; screenshots are in out/screenshots.');
}

async function inWorkbench({ name, test, setUp }: Fault): Promise<void> {
  const start = performance.now();
  const workbench = await Workbench.open({
    vsix: process.env['ONEFLOW_VSIX']!,
    workspace: path.resolve('examples'),
    screenshots: path.resolve('out', 'screenshots'),
    settings: { 'oneflow.device': 'cpu', 'oneflow.steps': endless, 'oneflow.seed': 7 },
    ...setUp,
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
  // VS Code tells extensions of the trust in its own time.
  await workbench.until(
    async () => (await offered(workbench)).includes('OneFlow: Fill Image Placeholders'),
    'the commands that run the model',
  );
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

async function reloadDuringSecondRun(workbench: Workbench): Promise<void> {
  const refine = 'OneFlow: Fill Image Placeholders';
  await workbench.command(refine);
  await workbench.notification(/step \d+ of/).waitFor({ timeout: patience });
  await workbench.command('OneFlow: Stop');
  await workbench.codeLens('Accept').first().waitFor();
  await workbench.command(refine);
  await workbench.until(async () => (await workbench.codeLens('Accept').count()) === 0, 'the second run');
  await workbench.notification(/step \d+ of/).waitFor({ timeout: patience });
  await workbench.reload();
  await workbench.codeLens('Accept').first().waitFor();
}

async function reloadUntitled(workbench: Workbench): Promise<void> {
  const { keyboard } = workbench.page;
  await workbench.command('File: New Untitled Text File');
  await workbench.tab('Untitled-1').waitFor();
  await keyboard.insertText('# Soup\n\nSimmer <!--mask-->for ten minutes<!--/mask--> and stir.\n');
  await workbench.command('Change Language Mode');
  await keyboard.type('Markdown');
  await workbench.page
    .locator('.quick-input-list .monaco-list-row.focused', { hasText: /^Markdown/ })
    .waitFor();
  await keyboard.press('Enter');
  await workbench.command('OneFlow: Refine Document');
  await workbench.codeLens('Accept').first().waitFor({ timeout: patience });
  await workbench.reload();
  await workbench.tab('Untitled-1').waitFor();
  await workbench.codeLens('Accept').first().waitFor();
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

async function hostEndsInAccept(workbench: Workbench): Promise<void> {
  const images = path.join(workbench.workspace, 'images');
  const accept = workbench.codeLens('Accept');
  const before = await workbench.saved(soup);
  await workbench.command('OneFlow: Fill Image Placeholders');
  await accept.first().waitFor({ timeout: patience });
  const moments = [
    { name: 'Before', left: [/^\.oneflow-/] },
    { name: 'After', left: [/^\.oneflow-/, /^a-red-tomato\.png$/] },
  ];
  for (const { name, left } of moments) {
    await workbench.command(`Crash: ${name} the Next Picture Is in Its Place`);
    await accept.first().click();
    const isLeft = async (): Promise<boolean> =>
      existsSync(images) && isEachLike(readdirSync(images).sort(), left);
    await workbench.until(isLeft, `the crash to leave ${left.join(' and ')}`);

    await workbench.reload();
    await workbench.until(async () => readdirSync(images).length === 0, 'what was left to go');
    await accept.first().waitFor();
    await workbench.focusEditor();
    assert.equal(await workbench.saved(soup), before);
  }
  await accept.first().click();
  const accepted = await workbench.savedAs(soup, (text) => text !== before);
  assert.ok(accepted.includes('(images/a-red-tomato.png)'));
  assert.ok(existsSync(path.join(images, 'a-red-tomato.png')));
  assert.deepEqual(readdirSync(images), ['a-red-tomato.png']);
}

function isEachLike(names: readonly string[], patterns: readonly RegExp[]): boolean {
  return names.length === patterns.length && names.every((name, index) => patterns[index]!.test(name));
}

async function preview(workbench: Workbench): Promise<void> {
  const open = 'OneFlow: Open Refinement Preview to the Side';
  const heading = 'Tomato soup';
  const [installed] = readdirSync(workbench.extensionsDir).filter((name) => name.startsWith('oneflow.'));
  const script = path.join(workbench.extensionsDir, installed!, 'dist', 'preview.js');
  renameSync(script, `${script}.away`);
  await workbench.command(open);
  await workbench.webview().getByText('could not be started').waitFor();
  await workbench.screenshot('preview-not-started');
  renameSync(`${script}.away`, script);
  await workbench.command('View: Focus Next Editor Group');
  await workbench.command('View: Close Editor');
  await workbench.command(open);
  await workbench.webview().locator('h1', { hasText: heading }).waitFor();

  await workbench.command('View: Focus Next Editor Group');
  const [window] = await Promise.all([
    workbench.page.context().waitForEvent('page'),
    workbench.command('View: Move Editor into New Window'),
  ]);
  await workbench.webview(window).locator('h1', { hasText: heading }).waitFor();
  await workbench.page.bringToFront();
  await workbench.page.locator('.editor-instance .view-line', { hasText: heading }).click();
  await workbench.page.keyboard.press('End');
  await workbench.page.keyboard.type(' for four');
  await workbench
    .webview(window)
    .locator('h1', { hasText: `${heading} for four` })
    .waitFor();
  await window.screenshot({ path: path.resolve('out', 'screenshots', 'preview-in-another-window.png') });
}
