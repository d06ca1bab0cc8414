/**
 * How fast the preview's page is:
 *   - milliseconds from a frame's message to its picture on the screen, the median of ten;
 *   - the share of the page's main thread that a run of 30 passes with 6 pictures takes at its own pace, and its
 *     longest task, in the example and in a document of 60,000 words;
 *   - the longest task of showing the document, of its review, and of going through the timeline;
 *   - bytes of messages in a second of it.
 * Tasks are measured in the processor's time, so that what else the machine does does not count; the first number is
 * one of the clock.
 */
import { holesOf } from '../../src/core/document/holes.js';
import { analyzeDocument } from '../../src/core/document/index.js';
import type { PreviewDocument, PreviewFrame } from '../../src/protocol/preview-messages.js';
import { launch, PreviewPageDriver } from './preview-page.js';
import { readRecording, type Recording, writeRecording } from './recording.js';
import { TaskTimes } from './task-times.js';

const passes = 30;
const secondsOfRun = 8;

/** The run of an example drawn out to 30 passes, in its document twice: six pictures. */
function longRun(recording: Recording, words: number): Recording {
  const { idle, frames, run } = recording;
  const filler = 'A plain paragraph of *some* words with a [link](x.md) in it, as documents have them.\n\n';
  const text = `${idle.text}\n${idle.text}\n${filler.repeat(Math.ceil(words / 15))}`;
  const document: PreviewDocument = { ...idle, text, holes: holesOf(analyzeDocument(text).document) };
  const shift = idle.holes.length;
  const second = <Part extends { readonly id: string }>(part: Part): Part => ({
    ...part,
    id: part.id.replace(/\d+/, (digits) => String(Number(digits) + shift)),
  });
  const drawnOut = Array.from({ length: passes }, (_, index): PreviewFrame => {
    const frame = frames[Math.floor((index * frames.length) / passes)]!;
    return {
      ...frame,
      pass: index + 1,
      passes,
      spans: [...frame.spans, ...frame.spans.map(second)],
      pictures: [...frame.pictures, ...frame.pictures.map(second)],
    };
  });
  return {
    ...recording,
    idle: document,
    run: { ...run, text, holes: document.holes, passes },
    frames: drawnOut,
  };
}

async function measure(name: string, { idle, run, frames, end, review }: Recording): Promise<void> {
  const browser = await launch();
  try {
    const driver = await PreviewPageDriver.open(browser);
    const tasks = await TaskTimes.of(driver.page);
    const began = performance.now();
    const showing = await tasks.during(async () => {
      await driver.send(idle);
      // A long document is filled in slices.
      while ((await driver.page.locator('.block:empty').count()) > 0) await driver.page.waitForTimeout(100);
      await driver.painted();
    });
    const seconds = (performance.now() - began) / 1000;
    let toScreen: number[] = [];
    const running = await tasks.during(async () => {
      await driver.send({ type: 'run-started', run });
      toScreen = await playOnPage(driver, frames, secondsOfRun / passes);
      await driver.send(end);
    });
    const looking = await tasks.during(async () => {
      await driver.send({ ...review, text: idle.text });
      await driver.painted();
      for (let step = 0; step < passes; step += 5) {
        await driver.page.locator('.scrubber .slider').fill(String(step));
        await driver.painted();
      }
    });
    const sorted = toScreen.slice(0, 10).sort((a, b) => a - b);
    const median = (sorted[4]! + sorted[5]!) / 2;
    const bytes = frames.reduce((sum, frame) => sum + writeRecording({ frames: [frame] } as never).length, 0);
    console.log(
      [
        `${name} (${words(idle.text).toLocaleString('en')} words, ${run.holes.filter(({ kind }) => kind === 'picture').length} pictures)`,
        `  the whole document is there after ${seconds.toFixed(1)} s, longest task ${showing.longest.toFixed(0)} ms`,
        `  a frame is on the screen after ${median.toFixed(0)} ms (median of ten; limit 100)`,
        `  a run: main thread busy ${(100 * running.share).toFixed(0)} % (limit 50), longest task ${running.longest.toFixed(0)} ms (limit 50)`,
        `  its review and its timeline: longest task ${looking.longest.toFixed(0)} ms`,
        `  messages ${(bytes / secondsOfRun / 1e6).toFixed(3)} MB/s (limit 2)`,
      ].join('\n'),
    );
    await driver.close();
  } finally {
    await browser.close();
  }
}

const words = (text: string): number => text.split(/\s+/).length;

/** Plays the frames at an even pace from within the page; returns when each was on the screen, in milliseconds. */
async function playOnPage(
  driver: PreviewPageDriver,
  frames: readonly PreviewFrame[],
  secondsOfPass: number,
): Promise<number[]> {
  const messages = frames.map((frame) => driver.envelope({ type: 'frames', runId: 'r1', frames: [frame] }));
  return driver.page.evaluate(
    async ({ jsons, pace }) => {
      const page = window as unknown as { receiveJson(json: string): void };
      const status = document.querySelector('.status')!;
      const toScreen: number[] = [];
      for (const json of jsons) {
        const began = performance.now();
        const seen = new Promise<number>((resolve) => {
          const observer = new MutationObserver(() => {
            observer.disconnect();
            // What is changed in an animation frame is on the screen by the next.
            requestAnimationFrame(() => {
              resolve(performance.now() - began);
            });
          });
          observer.observe(status, { childList: true, characterData: true, subtree: true });
        });
        page.receiveJson(json);
        toScreen.push(await seen);
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, pace - (performance.now() - began))));
      }
      return toScreen;
    },
    { jsons: messages, pace: 1000 * secondsOfPass },
  );
}

async function main(): Promise<void> {
  const soup = readRecording('tomato-soup');
  await measure('The example twice', longRun(soup, 0));
  await measure('A long document', longRun(soup, 60_000));
}

void main();
