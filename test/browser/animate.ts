/** The README's moving picture: a recorded run in the preview, from what is masked to what is to be reviewed. */
import { statSync } from 'node:fs';
import sharp from 'sharp';
import { launch, PreviewPageDriver } from './preview-page.js';
import { readRecording } from './recording.js';

const file = 'media/refinement.webp';
const largest = 1_500_000;
const size = { width: 620, height: 780 };
/** Milliseconds that the first picture, a step, and the last picture are shown. */
const times = { first: 1200, step: 170, last: 3200 };

async function main(): Promise<void> {
  const { idle, run, frames, end, review } = readRecording('tomato-soup');
  const browser = await launch();
  const pictures: Buffer[] = [];
  const delays: number[] = [];
  try {
    const driver = await PreviewPageDriver.open(browser, { ...size, theme: 'light' });
    const take = async (delay: number): Promise<void> => {
      await driver.painted();
      pictures.push(await driver.page.screenshot());
      delays.push(delay);
    };
    await driver.send(idle);
    await take(times.first);
    await driver.send({ type: 'run-started', run });
    for (const frame of frames) {
      await driver.send({ type: 'frames', runId: run.id, frames: [frame] });
      await take(times.step);
    }
    await driver.send(end, review);
    // The finished pictures fade in.
    await driver.page.waitForTimeout(400);
    await take(times.last);
  } finally {
    await browser.close();
  }
  await sharp(pictures, { join: { animated: true } })
    .webp({ quality: 72, effort: 5, delay: delays, loop: 0 })
    .toFile(file);
  const { size: bytes } = statSync(file);
  console.log(`${file}: ${pictures.length} pictures, ${Math.round(bytes / 1024)} KiB`);
  if (bytes > largest) throw new Error(`${file} is larger than ${largest} bytes; lower its quality.`);
}

void main();
