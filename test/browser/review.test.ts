/** What the author can do about changes in the page, and how it is for those who do not see or point. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PreviewDocument } from '../../src/protocol/preview-messages.js';
import { launch, noBrowser, type PageOptions, PreviewPageDriver } from './preview-page.js';
import { readRecording } from './recording.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(noBrowser)('reviewing in the page', () => {
  let browser: Browser;
  let driver: PreviewPageDriver;
  const { review, run, frames, end, idle } = readRecording('the-little-boat');
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => driver.close());
  afterAll(() => browser.close());

  async function open(document: PreviewDocument, options: PageOptions = {}): Promise<void> {
    driver = await PreviewPageDriver.open(browser, options);
    await driver.send(document);
    await driver.painted();
  }

  it('accepts and rejects each change, and all', async () => {
    await open(review);
    const [first, second] = review.hunks;
    await driver.page.locator(`[data-hunk="${second!.id}"] button`).first().click();
    expect(await driver.waitFor('accept')).toEqual({ type: 'accept', hunkId: second!.id });
    await driver.page.locator(`[data-hunk="${first!.id}"] button`).nth(1).click();
    expect(await driver.waitFor('reject')).toEqual({ type: 'reject', hunkId: first!.id });
    await driver.page.getByRole('button', { name: 'Accept all' }).click();
    await driver.page.getByRole('button', { name: 'Reject all' }).click();
    await driver.waitFor('accept-all');
    await driver.waitFor('reject-all');
  });

  it('takes its keys: next, previous, accept, reject', async () => {
    await open(review);
    await driver.page.locator('main').focus();
    await driver.page.keyboard.press('n');
    await driver.page.keyboard.press('n');
    await driver.page.keyboard.press('p');
    await driver.page.keyboard.press('a');
    expect(await driver.waitFor('accept')).toEqual({ type: 'accept', hunkId: review.hunks[1]!.id });
    await driver.page.keyboard.press('r');
    expect(await driver.waitFor('reject')).toEqual({ type: 'reject', hunkId: review.hunks[1]!.id });
  });

  it('puts the note of each change beside it', async () => {
    await open(review);
    for (const { id, kind } of review.hunks) {
      const note = await driver.page.locator(`[data-hunk="${id}"]`).boundingBox();
      const place = kind === 'image' ? `[data-picture="${id}"]` : `[data-change="hunk.${id}"]`;
      const mark = await driver.page.locator(place).first().boundingBox();
      expect(Math.abs(note!.y - mark!.y)).toBeLessThan(40);
    }
  });

  it('flips through the variants of a change', async () => {
    const hunks = review.hunks.map((hunk, index) =>
      index === 1 ? { ...hunk, variant: { index: 2, count: 3 } } : hunk,
    );
    await open({ ...review, hunks });
    const note = driver.page.locator(`[data-hunk="${hunks[1]!.id}"]`);
    expect(await note.locator('.variant-label').textContent()).toBe('3/3');
    await note.getByRole('button', { name: 'Next variant' }).click();
    expect(await driver.waitFor('choose-variant')).toEqual({
      type: 'choose-variant',
      hunkId: hunks[1]!.id,
      index: 0,
    });
  });

  it('shows what was there before, and both sides', async () => {
    await open(review);
    await driver.page.getByRole('button', { name: 'Before', exact: true }).click();
    await driver.painted();
    expect(await driver.page.locator('article').textContent()).toContain('he looked out of the window');
    await driver.page.getByRole('button', { name: 'Side by side' }).click();
    await driver.painted();
    const row = driver.page.locator('.comparison-row', { hasText: 'Every morning' });
    expect(await row.locator('.before mark').textContent()).toBe('he looked out of the window');
    expect(await row.locator('.after mark').textContent()).not.toBe('he looked out of the window');
  });

  it('refuses to accept what has been changed under it, and says so', async () => {
    const hunks = review.hunks.map((hunk, index) =>
      index === 1 ? { ...hunk, state: 'displaced' as const } : hunk,
    );
    await open({ ...review, hunks });
    const note = driver.page.locator(`[data-hunk="${hunks[1]!.id}"]`);
    expect(await note.locator('button').first().isDisabled()).toBe(true);
    expect(await note.getAttribute('title')).toBe('The text here has changed');
  });

  it('shows what the run was made of, to copy and to repeat', async () => {
    await open(idle);
    await driver.send(
      { type: 'run-started', run },
      { type: 'frames', runId: run.id, frames: [...frames] },
      end,
      review,
    );
    await driver.painted();
    const details = driver.page.getByRole('group', { name: 'Details of the run' });
    expect(await details.textContent()).toContain(`${run.steps} steps`);
    expect(await details.textContent()).toContain(run.model.version);
    await details.getByRole('button', { name: `Seed ${run.seed}` }).click();
    expect(await driver.waitFor('copy')).toEqual({ type: 'copy', runId: run.id, what: 'seed' });
    await details.getByRole('button', { name: 'Same seed' }).click();
    expect(await driver.waitFor('again')).toEqual({ type: 'again', runId: run.id, seed: 'same' });
  });

  it('changes only the block that has changed', async () => {
    await open(review);
    await driver.page.evaluate(() => {
      for (const block of document.querySelectorAll('.block')) block.setAttribute('data-old', '');
    });
    const text = `${review.text}\nOne more.\n`;
    await driver.send({ ...review, text, version: 2 });
    await driver.painted();
    const count = await driver.page.locator('.block').count();
    expect(await driver.page.locator('.block[data-old]').count()).toBe(count - 1);
  });

  const topBlock = (): Promise<string> =>
    driver.page.evaluate(() => {
      const scroller = document.querySelector('main')!.getBoundingClientRect();
      const blocks = [...document.querySelectorAll('.block')];
      return blocks
        .find((block) => block.getBoundingClientRect().bottom > scroller.top + 30)!
        .textContent.trim();
    });

  it('follows the editor, and tells where it is scrolled to', async () => {
    const paragraphs = Array.from({ length: 120 }, (_, index) => `Paragraph ${index}.`);
    const text = paragraphs.join('\n\n');
    await open({ ...idle, text, holes: [] });
    const offset = text.indexOf('Paragraph 60.');
    await driver.send({ type: 'reveal', offset });
    await driver.painted();
    expect(await topBlock()).toBe('Paragraph 60.');
    expect(driver.received.some(({ type }) => type === 'scrolled')).toBe(false);
    await driver.page.waitForTimeout(300);
    await driver.page.locator('main').evaluate((main) => {
      main.scrollTop = 0;
    });
    expect((await driver.waitFor('scrolled')).offset).toBeLessThan(20);
  });

  it.each([120, 2000])(
    'comes back to its place after a reload, in a document of %i paragraphs',
    async (count) => {
      const text = Array.from({ length: count }, (_, index) => `Paragraph ${index}.`).join('\n\n');
      const whole = async (): Promise<void> => {
        while ((await driver.page.locator('.block:empty').count()) > 0) await driver.painted();
      };
      await open({ ...idle, text, holes: [] });
      await whole();
      const place = count - 40;
      await driver.page
        .locator('.block')
        .nth(place)
        .evaluate((block) => {
          block.scrollIntoView();
        });
      const { offset } = await driver.waitFor('scrolled');
      expect(offset).toBeGreaterThan(text.length / 2);
      const top = await topBlock();
      await driver.reload();
      await driver.send({ ...idle, text, holes: [] });
      await driver.painted();
      await whole();
      await expect.poll(topBlock).toBe(top);
    },
  );

  it.each(['light', 'dark', 'highContrast'] as const)(
    'has no serious fault for assistive technology, %s',
    async (theme) => {
      driver = await PreviewPageDriver.open(browser, { theme });
      const check = async (): Promise<string[]> => {
        await driver.painted();
        await driver.page.waitForTimeout(300);
        await driver.page.evaluate(axeSource);
        return driver.page.evaluate(async () => {
          const { axe } = window as unknown as {
            axe: {
              run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
            };
          };
          const { violations } = await axe.run();
          return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
        });
      };
      await driver.send(idle);
      expect(await check()).toEqual([]);
      await driver.send(
        { type: 'run-started', run },
        { type: 'frames', runId: run.id, frames: frames.slice(0, 9) },
      );
      expect(await check()).toEqual([]);
      await driver.send({ type: 'frames', runId: run.id, frames: frames.slice(9) }, end, review);
      expect(await check()).toEqual([]);
      await driver.page.getByRole('button', { name: 'Side by side' }).click();
      expect(await check()).toEqual([]);
      await driver.page.getByRole('button', { name: 'How it works' }).click();
      expect(await check()).toEqual([]);
    },
  );

  it('keeps still where the author wants no motion', async () => {
    driver = await PreviewPageDriver.open(browser, { reducedMotion: true });
    await driver.send(
      idle,
      { type: 'run-started', run },
      { type: 'frames', runId: run.id, frames: frames.slice(0, 9) },
    );
    await driver.painted();
    expect(await driver.page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});
