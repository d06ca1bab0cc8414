/** Takes the pictures of the walkthrough and of the README from the running product: `npm run screenshots`. */
import { statSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { Workbench } from './workbench.js';

const soup = 'tomato-soup.md';
const target = path.resolve('media', 'walkthrough');
/** Bytes of the largest picture that the package should carry. */
const largest = 150e3;
/** A run with the embedded model on a busy machine. */
const patience = 400_000;

void main();

async function main(): Promise<void> {
  const workbench = await Workbench.open({
    vsix: process.env['ONEFLOW_VSIX']!,
    workspace: path.resolve('examples'),
    screenshots: path.resolve('out', 'screenshots'),
    size: { width: 1120, height: 700 },
    scale: 1.5,
    settings: {
      'oneflow.device': 'cpu',
      'oneflow.seed': 7,
      'workbench.colorTheme': 'Default Light Modern',
      'workbench.activityBar.location': 'hidden',
      'workbench.layoutControl.enabled': false,
      'window.commandCenter': false,
      'window.menuBarVisibility': 'hidden',
      'breadcrumbs.enabled': false,
      'editor.minimap.enabled': false,
      'editor.lineNumbers': 'off',
      'editor.folding': false,
      'editor.glyphMargin': false,
      'editor.renderLineHighlight': 'none',
      'editor.hideCursorInOverviewRuler': true,
      'editor.fontSize': 12,
    },
  });
  try {
    await takePictures(workbench);
  } catch (error) {
    await workbench.screenshot('failure');
    throw error;
  } finally {
    await workbench.dispose();
  }
}

async function takePictures(workbench: Workbench): Promise<void> {
  const accept = workbench.codeLens('Accept');
  await workbench.openFile(soup);
  // What is marked is read by now.
  await workbench.statusBarItem('OneFlow').first().waitFor();
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.codeLens('Unmask').first().waitFor();
  await take(workbench, 'mark');

  await workbench.command('OneFlow: Refine Document');
  await accept.first().waitFor({ timeout: patience });
  await take(workbench, 'review');
  await rejectAll(workbench);

  await workbench.command('OneFlow: Open Refinement Preview to the Side');
  await workbench.webview().locator('h1', { hasText: 'Tomato soup' }).waitFor();
  await workbench.focusEditor();
  await workbench.command('OneFlow: Refine Document');
  // Late enough for words and shapes to be seen, early enough for noise.
  await workbench.notification(/step (1\d|2\d) of/).waitFor({ timeout: patience });
  await take(workbench, 'refine');
  await accept.first().waitFor({ timeout: patience });
  await take(workbench, 'watch');
  await rejectAll(workbench);

  await workbench.command('OneFlow: Compare Generation Modes');
  const lesson = workbench.webview().locator('.lesson').first();
  // Late enough for the spiral to be seen, early enough for points on their way to it.
  await lesson.getByRole('slider', { name: 'Time t' }).fill('0.85');
  await lesson.getByRole('checkbox', { name: 'Show the straight paths' }).uncheck();
  await lesson.locator('canvas').scrollIntoViewIfNeeded();
  await take(workbench, 'how-it-works');
}

async function rejectAll(workbench: Workbench): Promise<void> {
  await workbench.command('OneFlow: Reject All');
  const accept = workbench.codeLens('Accept');
  await workbench.until(async () => (await accept.count()) === 0, 'the suggestions to go');
}

/** Takes a picture, with few enough colours to be small. */
async function take(workbench: Workbench, name: string): Promise<void> {
  const file = await workbench.screenshot(name);
  const small = `${file}.small`;
  await sharp(file).png({ palette: true, colours: 128, compressionLevel: 9, effort: 10 }).toFile(small);
  const { size } = statSync(small);
  if (size > largest) throw new Error(`${name}.png has ${size} bytes; the limit is ${largest}.`);
  await rename(small, path.join(target, `${name}.png`));
  console.log(`media/walkthrough/${name}.png  ${(size / 1000).toFixed(0)} kB`);
}
