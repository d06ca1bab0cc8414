/** What the page looks like: pictures to look at, in `out/screenshots/preview`, and the checks that a machine can make. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, noBrowser, type PageOptions, PreviewPageDriver } from './preview-page.js';
import { readRecording } from './recording.js';
import type { ThemeName } from './themes.js';

const folder = fileURLToPath(new URL('../../out/screenshots/preview/', import.meta.url));

describe.skipIf(noBrowser)('the look of the page', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    browser = await launch();
  });
  afterAll(() => browser.close());

  async function take(name: string, options: PageOptions, act: (driver: PreviewPageDriver) => Promise<void>) {
    const driver = await PreviewPageDriver.open(browser, options);
    try {
      await act(driver);
      await driver.painted();
      await driver.page.waitForTimeout(350);
      await driver.page.screenshot({ path: `${folder}${name}.png` });
      const overflows = await driver.page.evaluate(
        () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
      );
      expect(overflows).toBe(false);
      expect(driver.faults).toEqual([]);
    } finally {
      await driver.close();
    }
  }

  const sizes = {
    narrow: { width: 360, height: 760 },
    usual: { width: 640, height: 820 },
    wide: { width: 1180, height: 860 },
  };

  it.each(['light', 'dark', 'highContrast'] satisfies ThemeName[])(
    'shows a run half way, %s',
    async (theme) => {
      const { idle, run, frames } = readRecording('tomato-soup');
      await take(`half-${theme}`, { ...sizes.usual, theme }, async (driver) => {
        await driver.send(idle, { type: 'run-started', run });
        await driver.send({ type: 'frames', runId: run.id, frames: frames.slice(0, 13) });
      });
    },
  );

  it.each(['light', 'dark', 'highContrast'] satisfies ThemeName[])(
    'shows changes to review, %s',
    async (theme) => {
      const { idle, run, frames, end, review } = readRecording('tomato-soup');
      await take(`review-${theme}`, { ...sizes.usual, theme }, async (driver) => {
        await driver.send(
          idle,
          { type: 'run-started', run },
          { type: 'frames', runId: run.id, frames: [...frames] },
        );
        await driver.send(end, review);
      });
    },
  );

  it.each(['narrow', 'wide'] as const)('fits a %s panel', async (size) => {
    const { idle, run, frames, end, review } = readRecording('the-little-boat');
    await take(`review-${size}`, { ...sizes[size], theme: 'dark' }, async (driver) => {
      await driver.send(
        idle,
        { type: 'run-started', run },
        { type: 'frames', runId: run.id, frames: [...frames] },
      );
      await driver.send(end, review);
    });
  });

  it('shows what is masked before a run', async () => {
    await take('idle', { ...sizes.usual }, async (driver) => {
      await driver.send(readRecording('pot-a-plant').idle);
    });
  });

  it('shows both sides of the changes', async () => {
    const { review } = readRecording('the-little-boat');
    await take('side-by-side', { ...sizes.wide, theme: 'light' }, async (driver) => {
      await driver.send(review);
      await driver.painted();
      await driver.page.getByRole('button', { name: 'Side by side' }).click();
    });
  });

  it.each(['tomato-soup', 'the-little-boat', 'pot-a-plant'])(
    'shows %s at every quarter of its run',
    async (name) => {
      const { idle, run, frames, end } = readRecording(name);
      for (const quarter of [0, 1, 2, 3, 4]) {
        await take(`${name}-${quarter}`, { width: 560, height: 1500 }, async (driver) => {
          await driver.send(idle, { type: 'run-started', run });
          const count = Math.round((frames.length * quarter) / 4);
          if (count > 0) await driver.send({ type: 'frames', runId: run.id, frames: frames.slice(0, count) });
          if (quarter === 4) await driver.send(end);
        });
      }
    },
  );

  it.each(['light', 'dark'] satisfies ThemeName[])('explains how it works, %s', async (theme) => {
    await take(`lessons-${theme}`, { width: 820, height: 1900, theme }, async (driver) => {
      await driver.send(readRecording('tomato-soup').idle, { type: 'show', page: 'lessons' });
      await driver.painted();
      await driver.page.getByRole('slider', { name: 'Time t' }).fill('0.55');
    });
  });
});
