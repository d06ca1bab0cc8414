/**
 * What an author does with the packaged extension, from a clean profile on: `npm run test:acceptance`. Each step leaves
 * a screenshot in out/screenshots.
 */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { seeHowItWorks, type Step } from './lessons.js';
import { Workbench } from './workbench.js';

const soup = 'tomato-soup.md';

void main();

async function main(): Promise<void> {
  const workbench = await Workbench.open({
    vsix: process.env['ONEFLOW_VSIX']!,
    workspace: path.resolve('examples'),
    screenshots: path.resolve('out', 'screenshots'),
    settings: { 'oneflow.device': 'cpu', 'oneflow.steps': 8, 'oneflow.seed': 7 },
    // The whole document is in sight: what is not has no lenses to count.
    size: { width: 1280, height: 1400 },
  });
  try {
    const step = stepCounter(workbench);
    await refineAndReview(workbench, step);
    await seeHowItWorks(workbench, step);
    console.log('The acceptance run is good; its screenshots are in out/screenshots.');
  } catch (error) {
    await workbench.screenshot('failure');
    throw error;
  } finally {
    await workbench.dispose();
  }
}

async function refineAndReview(workbench: Workbench, step: Step): Promise<void> {
  const accept = workbench.codeLens('Accept');
  const reject = workbench.codeLens('Reject');

  await workbench.openFile(soup);
  const before = await workbench.saved(soup);
  await step('opened');

  await workbench.command('OneFlow: Fill Image Placeholders');
  await accept.first().waitFor({ timeout: 180_000 });
  assert.equal(await accept.count(), 3);
  assert.equal(await workbench.saved(soup), before, 'nothing is written before an accept');
  await step('pictures to review');

  await workbench.goTo(20);
  await workbench.command('OneFlow: Regenerate Selected Section');
  // Four texts and a picture of the section, and the two pictures above it.
  const suggestions = 7;
  await workbench.until(
    async () => (await accept.count()) === suggestions,
    'suggestions for the section',
    180_000,
  );
  await step('section to review');

  await workbench.goTo(1);
  await accept.first().click();
  await workbench.until(async () => (await accept.count()) === suggestions - 1, 'the accept');
  const accepted = await workbench.savedAs(soup, (text) => text !== before);
  assert.equal(accepted, before.replace('mask:?style=fluent-flat', 'images/a-red-tomato.png'));
  assert.ok(existsSync(path.join(workbench.workspace, 'images', 'a-red-tomato.png')));
  await step('one accepted');

  await reject.first().click();
  await workbench.until(async () => (await accept.count()) === suggestions - 2, 'the reject');
  assert.equal(await workbench.saved(soup), accepted, 'a reject leaves the text as it is');
  await step('one rejected');

  await workbench.focusEditor();
  await workbench.page.keyboard.press('Control+Z');
  await workbench.until(
    async () => (await accept.count()) === suggestions - 1,
    'the suggestion to come back',
  );
  await workbench.savedAs(soup, (text) => text === before);
  await step('accept undone');

  await workbench.reload();
  await workbench.until(async () => (await accept.count()) === suggestions - 1, 'the review after a reload');
  await step('reloaded');

  await workbench.focusEditor();
  await workbench.command('OneFlow: Accept All');
  await workbench.until(async () => (await accept.count()) === 0, 'all to be accepted');
  const refined = await workbench.savedAs(soup, (text) => text !== before);
  assert.match(refined, /!\[a red tomato\]\(images\/a-red-tomato(-\d)?\.png\)/);
  assert.ok(refined.includes('![an onion](mask:?style=noto)'), 'what was rejected is as it was');
  assert.ok(refined.startsWith('# Tomato soup\n'));
  await workbench.until(async () => (await accept.count()) === 0, 'the lenses to go');
  await step('all accepted');
}

function stepCounter(workbench: Workbench): Step {
  let number = 0;
  return async (name) => {
    number += 1;
    await workbench.screenshot(`${number}-${name.replaceAll(' ', '-')}`);
    console.log(`${number}. ${name}`);
  };
}
