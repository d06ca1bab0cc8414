/** The page "How it works": its controls, and runs of the model that it shows. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch, noBrowser, PreviewPageDriver } from './preview-page.js';
import { readRecording } from './recording.js';

describe.skipIf(noBrowser)('how it works', () => {
  let browser: Browser;
  let driver: PreviewPageDriver;
  const { idle, run, frames, end } = readRecording('tomato-soup');
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => driver.close());
  afterAll(() => browser.close());

  async function open(): Promise<void> {
    driver = await PreviewPageDriver.open(browser, { width: 900, height: 1600 });
    await driver.send(idle, { type: 'show', page: 'lessons' });
    await driver.painted();
  }

  it('lets points flow along the field', async () => {
    await open();
    const time = driver.page.getByRole('slider', { name: 'Time t' });
    await driver.page.getByRole('button', { name: 'Let the points flow' }).click();
    while (Number(await time.inputValue()) < 0.2) await driver.painted();
    await time.fill('0.5');
    await driver.painted();
    expect(await driver.page.locator('.flow-canvas').getAttribute('aria-label')).toContain('time 0.5');
  });

  it('takes an example apart as far as the slider says, and asks the model to restore it', async () => {
    await open();
    const strength = driver.page.getByRole('slider', { name: 'Strength' });
    await strength.fill('0');
    expect(await driver.page.locator('.word.gone').count()).toBe(0);
    await strength.fill('1');
    expect(await driver.page.locator('.word:not(.gone)').count()).toBe(0);
    await strength.fill('0.4');
    await driver.page.getByRole('button', { name: 'Let the model restore it' }).click();
    expect(await driver.waitFor('restore')).toMatchObject({ strength: 0.4 });
    const lesson = { ...run, id: 'lesson', purpose: 'restore' as const };
    await driver.send({ type: 'run-started', run: lesson });
    await driver.send({ type: 'frames', runId: 'lesson', frames: frames.slice(0, 9) });
    await driver.painted();
    expect(await driver.page.locator('.lesson-result [data-hole="m2"]').textContent()).toContain(
      frames[8]!.spans[0]!.text.trim(),
    );
  });

  const race = async (mode: 'concurrent' | 'sequential', forwardPasses: number): Promise<void> => {
    await driver.send({ type: 'run-started', run: { ...run, id: mode, purpose: 'race', mode } });
    await driver.send({ type: 'frames', runId: mode, frames: frames.slice(0, 12) });
    await driver.painted();
    await driver.send({ ...end, runId: mode, forwardPasses, seconds: 7.4 });
  };

  it('counts the passes of both ways, and says what came of it', async () => {
    await open();
    const start = driver.page.getByRole('button', { name: 'Start the race' });
    const verdict = driver.page.locator('.verdict');
    await start.click();
    await driver.waitFor('race');
    await race('concurrent', 24);
    await race('sequential', 120);
    await driver.painted();
    expect(await verdict.textContent()).toBe(
      'Sequential generation took 120 passes, concurrent 24: 5.0 times as many.',
    );
    await driver.page.getByText('120 passes, 7.4 s').waitFor();
    await start.click();
    await race('concurrent', 20);
    await driver.painted();
    expect(await verdict.textContent()).toBe('');
    await race('sequential', 80);
    await driver.painted();
    expect(await verdict.textContent()).toContain('4.0 times as many');
    expect(driver.faults).toEqual([]);
  });

  it('stops a run of its own, and no other', async () => {
    await open();
    await driver.page.getByRole('button', { name: 'Start the race' }).click();
    await driver.page.locator('.lesson').last().getByRole('button', { name: 'Stop' }).click();
    await driver.waitFor('stop-lesson');
    expect(driver.received.some(({ type }) => type === 'stop')).toBe(false);
    await driver.send({ type: 'run-started', run: { ...run, id: 'c', purpose: 'race', mode: 'concurrent' } });
    await driver.send({ ...end, runId: 'c', outcome: 'stopped' });
    await driver.painted();
    expect(await driver.page.getByRole('button', { name: 'Start the race' }).isEnabled()).toBe(true);
  });
});
