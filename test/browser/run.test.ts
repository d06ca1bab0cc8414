/** A run in the page: it fills in live, nothing jumps, and every step can be gone back to. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { launch, noBrowser, PreviewPageDriver } from './preview-page.js';
import { readRecording, type Recording } from './recording.js';

describe.skipIf(noBrowser)('a run in the page', () => {
  let browser: Browser;
  let driver: PreviewPageDriver;
  const soup = readRecording('tomato-soup');
  beforeAll(async () => {
    browser = await launch();
  });
  afterEach(() => driver.close());
  afterAll(() => browser.close());

  const text = (selector: string): Promise<string> =>
    driver.page.locator(selector).evaluate((found) => found.textContent.replaceAll(/\s+/g, ' ').trim());

  async function playFrames({ idle, run, frames }: Recording, count = frames.length): Promise<void> {
    await driver.send(idle, { type: 'run-started', run });
    for (const frame of frames.slice(0, count)) {
      await driver.send({ type: 'frames', runId: run.id, frames: [frame] });
      await driver.painted();
    }
  }

  async function finish({ end, review }: Recording): Promise<void> {
    await driver.send(end, review);
    await driver.painted();
  }

  it('fills spans word by word, the newest words marked', async () => {
    driver = await PreviewPageDriver.open(browser);
    const { idle, run, frames } = soup;
    await driver.send(idle);
    await driver.painted();
    expect(await driver.page.locator('[data-hole="m2"] .gap').count()).toBeGreaterThan(3);
    await driver.send(
      { type: 'run-started', run },
      { type: 'frames', runId: run.id, frames: frames.slice(0, 13) },
    );
    await driver.painted();
    const span = frames[12]!.spans.find(({ id }) => id === 'm2')!;
    expect(await text('[data-hole="m2"]')).toBe(span.text.trim());
    expect(await driver.page.locator('[data-hole="m2"]').getAttribute('data-state')).toBe('live');
    expect(await text('.status')).toBe(`Step 13 of ${frames[12]!.passes}`);
    const fresh = frames[12]!.spans.filter((one) => one.fresh.length > 0);
    expect(fresh.length).toBeGreaterThan(0);
    expect(await driver.page.locator('mark[data-change="age0"]').count()).toBeGreaterThan(0);
  });

  it('draws pictures from their previews at the same time, in the room of the finished ones', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 3);
    const box = driver.page.locator('[data-hole="m1"]');
    const pixel = () =>
      box.locator('canvas').evaluate((canvas) => {
        const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(48, 48, 1, 1);
        return [...data].join();
      });
    const first = await pixel();
    const size = await box.boundingBox();
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(3, 20) });
    await driver.painted();
    expect(await pixel()).not.toBe(first);
    await finish(soup);
    await driver.page.waitForSelector('[data-picture="r1:m1"] img');
    const after = await driver.page.locator('[data-picture="r1:m1"]').boundingBox();
    expect(after).toEqual(size);
    expect(after!.width).toBe(256);
  });

  it('keeps the room of a picture of another size, in a run and under review', async () => {
    driver = await PreviewPageDriver.open(browser);
    const size = 128;
    const holes = soup.run.holes.map((hole) => (hole.kind === 'picture' ? { ...hole, size } : hole));
    const hunkPictures = soup.review.hunkPictures.map((picture) => ({ ...picture, size }));
    await playFrames({ ...soup, run: { ...soup.run, holes } }, 3);
    const during = await driver.page.locator('[data-hole="m1"]').boundingBox();
    expect(during!.width).toBe(size);
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(3) });
    await finish({ ...soup, review: { ...soup.review, hunkPictures } });
    await driver.page.waitForSelector('[data-picture="r1:m1"] img');
    expect(await driver.page.locator('[data-picture="r1:m1"]').boundingBox()).toEqual(during);
  });

  it.each(
    ['tomato-soup', 'the-little-boat', 'pot-a-plant'].flatMap((name) => [
      { name, width: 640 },
      { name, width: 420 },
    ]),
  )('does not let the page jump, $name in $width pixels', async ({ name, width }) => {
    driver = await PreviewPageDriver.open(browser, { width });
    const recording = readRecording(name);
    await driver.send(recording.idle);
    await driver.painted();
    await driver.page.evaluate(() => {
      (window as unknown as { shift: { sum: number } }).shift.sum = 0;
    });
    await playFrames(recording);
    await driver.send(recording.end);
    await driver.painted();
    const shift = await driver.page.evaluate(
      () => (window as unknown as { shift: { sum: number } }).shift.sum,
    );
    expect(shift).toBeLessThan(0.02);
  });

  it('lets the rest of a line stand while words come in place of gaps', async () => {
    driver = await PreviewPageDriver.open(browser);
    const { idle, run, frames } = soup;
    await driver.send(idle, { type: 'run-started', run });
    const restOfLine = () =>
      driver.page.locator('[data-hole="m2"]').evaluate((hole) => {
        const range = document.createRange();
        range.selectNode(hole.nextSibling!);
        const { x, y } = range.getBoundingClientRect();
        return { x, y };
      });
    await driver.send({ type: 'frames', runId: run.id, frames: frames.slice(0, 1) });
    await driver.painted();
    const place = await restOfLine();
    const written = new Set<string>();
    for (const frame of frames.slice(1, 16)) {
      await driver.send({ type: 'frames', runId: run.id, frames: [frame] });
      await driver.painted();
      written.add(await text('[data-hole="m2"]'));
      const now = await restOfLine();
      expect(now.y).toBeCloseTo(place.y, 0);
      expect(Math.abs(now.x - place.x)).toBeLessThan(2);
    }
    expect(written.size).toBeGreaterThan(3);
  });

  it('offers no new run while the changes of the last one are on their way', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 1);
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(1) }, soup.end);
    await driver.painted();
    const refine = driver.page.getByRole('button', { name: 'Refine' });
    expect(await text('.status')).toBe(`Step ${soup.frames.length} of ${soup.frames.length}`);
    expect(await refine.isVisible()).toBe(false);
    await driver.send(soup.review);
    await driver.painted();
    expect(await text('.status')).toBe('7 suggestions to review');
  });

  it('goes back to every step, by slider, buttons and keys', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 1);
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(1) });
    await finish(soup);
    const slider = driver.page.getByRole('slider', { name: 'Timeline of the run' });
    expect(await slider.getAttribute('aria-valuetext')).toBe('Result');
    await slider.fill('9');
    await driver.painted();
    const frame = soup.frames[9]!;
    expect(await text('[data-hole="m2"]')).toBe(frame.spans.find(({ id }) => id === 'm2')!.text.trim());
    expect(await slider.getAttribute('aria-valuetext')).toBe(`Step 10 of ${soup.frames.length}`);
    await slider.press('ArrowRight');
    await driver.painted();
    expect(await slider.getAttribute('aria-valuetext')).toBe(`Step 11 of ${soup.frames.length}`);
    await driver.page.locator('main').focus();
    await driver.page.keyboard.press('ArrowLeft');
    await driver.page.keyboard.press('ArrowLeft');
    await driver.painted();
    expect(await slider.getAttribute('aria-valuetext')).toBe(`Step 9 of ${soup.frames.length}`);
    await driver.page.getByRole('button', { name: 'Accept from here' }).click();
    expect(await driver.waitFor('accept-from')).toEqual({ type: 'accept-from', runId: 'r1', pass: 9 });
  });

  it('plays the run again and ends at its result', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 1);
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(1) });
    await finish(soup);
    await driver.page.getByRole('button', { name: 'Play' }).click();
    await driver.page.getByRole('button', { name: 'Pause' }).waitFor();
    await driver.page.getByRole('button', { name: 'Play' }).waitFor({ timeout: 15_000 });
    await driver.painted();
    expect(await driver.page.getByRole('slider').getAttribute('aria-valuetext')).toBe('Result');
  });

  it('asks for the pictures of a step that is looked at, and shows them', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 1);
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(1) });
    await finish(soup);
    await driver.page.getByRole('slider', { name: 'Timeline of the run' }).fill('4');
    expect(await driver.waitFor('draw')).toEqual({ type: 'draw', runId: 'r1', pass: 5 });
    const [picture] = soup.end.pictures;
    if (!picture || !('png' in picture.source)) throw new Error('The recording has no picture.');
    await driver.send({
      type: 'drawn',
      runId: 'r1',
      pass: 5,
      pictures: [{ id: 'm1', png: picture.source.png }],
    });
    await driver.page.waitForSelector('[data-hole="m1"] img');
  });

  it('stops by its button and by Escape', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 4);
    await driver.page.getByRole('button', { name: 'Stop' }).click();
    await driver.waitFor('stop');
    driver.clearReceived();
    await driver.page.keyboard.press('Escape');
    await driver.waitFor('stop');
  });

  it('says at every quarter how far it is, and what came of it', async () => {
    driver = await PreviewPageDriver.open(browser);
    await driver.send(soup.idle, { type: 'run-started', run: soup.run });
    const said = new Set<string>();
    for (const frame of soup.frames) {
      await driver.send({ type: 'frames', runId: 'r1', frames: [frame] });
      await driver.painted();
      said.add(await text('[role="status"][aria-live]'));
    }
    said.delete('');
    expect(said.size).toBe(3);
    const spoken = () => text('[role="status"][aria-live]');
    await driver.send(soup.end);
    await driver.painted();
    expect(said).toContain(await spoken());
    // Of as many places as were filled, only some are suggestions.
    const [first, second, ...others] = soup.review.hunks;
    await driver.send({ ...soup.review, hunks: [first!, second!] });
    await driver.painted();
    expect(await spoken()).toBe('The run is finished: 2 suggestions to review');
    await driver.send({ ...soup.review, hunks: others });
    await driver.painted();
    expect(await spoken()).toBe('The run is finished: 2 suggestions to review');
  });

  it.each([
    [1, 'The run is finished: 1 suggestion to review'],
    [0, 'The run is finished; there is nothing to review'],
  ])('says what came of it, %i suggestions', async (count, sentence) => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 2);
    await finish({ ...soup, review: { ...soup.review, hunks: soup.review.hunks.slice(0, count) } });
    expect(await text('[role="status"][aria-live]')).toBe(sentence);
  });

  it('tells of a failure', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 2);
    const { end } = soup;
    await driver.send(
      { ...end, outcome: 'failed', message: 'The engine process ended.', spans: [], pictures: [] },
      soup.idle,
    );
    await driver.painted();
    expect(await text('.status')).toBe('The run failed');
    expect(await text('.status-detail')).toBe('The engine process ended.');
  });

  it('shows the last state again when the page was hidden during a run', async () => {
    driver = await PreviewPageDriver.open(browser);
    await playFrames(soup, 5);
    await driver.reload();
    await driver.send(soup.idle, { type: 'run-started', run: soup.run });
    await driver.send({ type: 'frames', runId: 'r1', frames: soup.frames.slice(0, 12) });
    await driver.painted();
    expect(await text('.status')).toBe(`Step 12 of ${soup.frames[11]!.passes}`);
    await driver.page.getByRole('slider').fill('3');
    await driver.painted();
    expect(await text('.step-label')).toBe(`4 / ${soup.frames[11]!.passes}`);
  });
});
