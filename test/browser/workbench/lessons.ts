import assert from 'node:assert/strict';
import type { Workbench } from './workbench.js';

/** Runs with the embedded model on a busy machine. */
const patience = 400_000;

/** Says that something has been done, with a picture of it. */
export type Step = (name: string) => Promise<void>;

/** The page "How it works" with the model itself: an example that is restored, and the race. */
export async function seeHowItWorks(workbench: Workbench, step: Step): Promise<void> {
  await workbench.command('OneFlow: Compare Generation Modes');
  const page = workbench.webview();
  await page.getByRole('button', { name: 'Let the model restore it' }).click();
  const restored = page.locator('.lesson-result');
  const words = restored.locator('[data-form][data-state="done"] > .written');
  await words.waitFor({ timeout: patience });
  await restored.locator('.slot[data-state="done"] img').waitFor();
  assert.match(await words.innerText(), /\w+ \w+/);
  await step('example restored');

  await page.getByRole('button', { name: 'Start the race' }).click();
  const verdict = page.locator('.verdict', { hasText: 'Sequential generation took' });
  await verdict.waitFor({ timeout: patience });
  const [many, few] = (await verdict.innerText()).match(/\d+/g)!.map(Number) as [number, number];
  assert.ok(many > 3 * few, `sequential generation took ${many} passes, concurrent ${few}`);
  // Both are played again beside each other, to their ends.
  await page.locator('.race-lane .passes', { hasText: `${many} passes` }).waitFor();
  await step('race run');
}
