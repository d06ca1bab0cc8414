/**
 * How fast the preview's page is, as it is on a machine with nothing else to do:
 *   - milliseconds from a frame's message to its picture on the screen, the median of ten;
 *   - the share of the page's main thread that a run of 30 passes with 6 pictures takes at its own pace, and its
 *     longest task, in the example and in a document of 60,000 words;
 *   - bytes of messages in a second of it.
 */
import { holesOf } from '../../src/core/document/holes.js';
import { analyzeDocument } from '../../src/core/document/index.js';
import type { PreviewDocument, PreviewFrame } from '../../src/protocol/preview-messages.js';
import { launch, PreviewPageDriver } from './preview-page.js';
import { readRecording, type Recording, writeRecording } from './recording.js';

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

interface Measured {
  readonly toScreen: number[];
  readonly longest: number;
}

async function measure(name: string, { idle, run, frames }: Recording): Promise<void> {
  const browser = await launch();
  try {
    const driver = await PreviewPageDriver.open(browser);
    await driver.send(idle);
    // A long document is filled in slices.
    const shown = performance.now();
    while ((await driver.page.locator('.block:empty').count()) > 0) await driver.page.waitForTimeout(100);
    const seconds = (performance.now() - shown) / 1000;
    const session = await driver.page.context().newCDPSession(driver.page);
    // Seconds that the thread really worked, whatever else the machine does.
    await session.send('Performance.setTimeDomain', { timeDomain: 'threadTicks' });
    await session.send('Performance.enable');
    const taskSeconds = async (): Promise<number> => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find((metric) => metric.name === 'TaskDuration')!.value;
    };
    await driver.send({ type: 'run-started', run });
    await driver.painted();
    const before = await taskSeconds();
    const began = performance.now();
    const measured = await playOnPage(driver, frames, secondsOfRun / passes);
    const took = (performance.now() - began) / 1000;
    const busy = (await taskSeconds()) - before;
    const sorted = measured.toScreen.slice(0, 10).sort((a, b) => a - b);
    const median = (sorted[4]! + sorted[5]!) / 2;
    const bytes = frames.reduce((sum, frame) => sum + writeRecording({ frames: [frame] } as never).length, 0);
    console.log(
      [
        `${name} (${words(idle.text).toLocaleString('en')} words, ${run.holes.filter(({ kind }) => kind === 'picture').length} pictures)`,
        `  the whole document is there after ${seconds.toFixed(1)} s`,
        `  on the screen after ${median.toFixed(0)} ms (median of ten; limit 100)`,
        `  main thread busy ${((100 * busy) / took).toFixed(0)} % (limit 50), longest task ${measured.longest.toFixed(0)} ms (limit 50; below 50 is not told)`,
        `  messages ${(bytes / took / 1e6).toFixed(3)} MB/s (limit 2)`,
      ].join('\n'),
    );
    await driver.close();
  } finally {
    await browser.close();
  }
}

const words = (text: string): number => text.split(/\s+/).length;

/** Plays the frames at an even pace from within the page, so that sending them costs nothing that is measured. */
async function playOnPage(
  driver: PreviewPageDriver,
  frames: readonly PreviewFrame[],
  secondsOfPass: number,
): Promise<Measured> {
  const messages = frames.map((frame) => driver.envelope({ type: 'frames', runId: 'r1', frames: [frame] }));
  return driver.page.evaluate(
    async ({ jsons, pace }) => {
      const page = window as unknown as { receiveJson(json: string): void; shift: { longest: number } };
      page.shift.longest = 0;
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
      return { toScreen, longest: page.shift.longest };
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
