import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Color, type Sharp } from 'sharp';
import { describe, expect, test } from 'vitest';
import { readPicture, writePng } from '../../../src/engine-host/pictures.js';
import { temporaryFolder } from './tiny-package.js';

const provenance = {
  model: 'tiny-model',
  version: '1.0.0',
  seed: 7,
  steps: 12,
  prompt: 'a red "tomato"',
  style: 'flat',
};

async function fileWith(name: string, bytes: Uint8Array | string): Promise<string> {
  const file = path.join(await temporaryFolder(), name);
  await writeFile(file, bytes);
  return file;
}

/** Red, green and blue of one pixel, in bytes. */
async function pixel(file: string, size: number, x: number, y: number): Promise<number[]> {
  const reading = await readPicture(file, size);
  if (!reading.ok) throw new Error(reading.problem);
  const at = (plane: number): number => Math.round(reading.pixels[(plane * size + y) * size + x]! * 255);
  return [at(0), at(1), at(2)];
}

const solid = (width: number, height: number, background: Color): Sharp =>
  sharp({ create: { width, height, channels: 4, background } });

describe('reading', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('takes %s', async (format) => {
    const file = await fileWith('picture', await solid(40, 40, '#3264c8').toFormat(format).toBuffer());
    const [red, green, blue] = await pixel(file, 16, 8, 8);
    expect(Math.abs(red! - 50) + Math.abs(green! - 100) + Math.abs(blue! - 200)).toBeLessThan(9);
  });

  test('shows the whole of a wide picture, centred on white', async () => {
    const file = await fileWith('wide.png', await solid(64, 32, '#000000').png().toBuffer());
    expect(await pixel(file, 16, 8, 1)).toEqual([255, 255, 255]);
    expect(await pixel(file, 16, 8, 8)).toEqual([0, 0, 0]);
    expect(await pixel(file, 16, 8, 14)).toEqual([255, 255, 255]);
  });

  test('puts what is transparent on white', async () => {
    const file = await fileWith(
      'clear.png',
      await solid(16, 16, { r: 255, g: 0, b: 0, alpha: 0 }).png().toBuffer(),
    );
    expect(await pixel(file, 16, 8, 8)).toEqual([255, 255, 255]);
  });

  test('turns a photograph upright', async () => {
    const top = await solid(32, 16, '#ff0000').png().toBuffer();
    const rotated = await solid(32, 32, '#0000ff')
      .composite([{ input: top, top: 0, left: 0 }])
      .png()
      .withMetadata({ orientation: 3 })
      .toBuffer();
    expect(await pixel(await fileWith('upside-down.png', rotated), 32, 16, 28)).toEqual([255, 0, 0]);
  });

  test.each([
    ['grey', (picture: Sharp) => picture.toColourspace('b-w')],
    ['16-bit', (picture: Sharp) => picture.toColourspace('rgb16')],
    ['palette', (picture: Sharp) => picture.png({ palette: true })],
  ])('takes a %s PNG', async (_, convert) => {
    const file = await fileWith('picture.png', await convert(solid(20, 20, '#808080').png()).toBuffer());
    // Half a step either way is a matter of rounding.
    for (const value of await pixel(file, 16, 8, 8)) expect([127, 128]).toContain(value);
  });

  const red = 'fill="#ff0000" width="16" height="16"';
  test.each([
    ['SVG', `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16"><rect ${red}/></svg>`],
    ['GIF', () => solid(8, 8, '#ff0000').gif().toBuffer()],
    ['TIFF', () => solid(8, 8, '#ff0000').tiff().toBuffer()],
    ['text', 'not a picture'],
    ['an empty file', ''],
  ])('refuses %s, whatever its name', async (_, bytes) => {
    const file = await fileWith('picture.png', typeof bytes === 'string' ? bytes : await bytes());
    expect(await readPicture(file, 16)).toEqual({ ok: false, problem: 'it is no PNG, JPEG or WebP picture' });
  });

  test('refuses a picture bomb before it is unpacked', async () => {
    const file = await fileWith('bomb.png', pngOfZeros(20_000, 20_000));
    const before = process.memoryUsage.rss();
    expect(await readPicture(file, 16)).toEqual({ ok: false, problem: 'it has more than 64 million pixels' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(100e6);
  });

  test('refuses a picture that is cut short', async () => {
    const whole = await solid(300, 300, '#ff0000').jpeg().toBuffer();
    const reading = await readPicture(await fileWith('half.jpg', whole.subarray(0, whole.length / 2)), 16);
    expect(reading.ok ? '' : reading.problem).toMatch(/cannot be decoded \(.*\w\)$/);
  });

  test('says that a file is missing, or is a folder', async () => {
    const folder = await temporaryFolder();
    expect(await readPicture(path.join(folder, 'none.png'), 16)).toEqual({
      ok: false,
      problem: 'there is no such file',
    });
    await mkdir(path.join(folder, 'folder.png'));
    expect(await readPicture(path.join(folder, 'folder.png'), 16)).toEqual({
      ok: false,
      problem: 'it is not a file',
    });
  });
});

describe('writing', () => {
  const gradient = {
    width: 16,
    height: 16,
    rgb: Uint8Array.from({ length: 16 * 16 * 3 }, (_, index) => (index * 7) % 256),
  };

  test('resamples to the size asked for and stores the provenance', async () => {
    const png = await writePng(gradient, 64, provenance);
    const { format, width, height, channels, comments } = await sharp(png).metadata();
    expect({ format, width, height, channels }).toEqual({
      format: 'png',
      width: 64,
      height: 64,
      channels: 3,
    });
    expect(comments?.map(({ keyword, text }) => [keyword, JSON.parse(text) as unknown])).toEqual([
      ['oneflow', provenance],
    ]);
  });

  test('keeps the pixels at the size they have', async () => {
    const png = await writePng(gradient, 16, provenance);
    expect(new Uint8Array(await sharp(png).raw().toBuffer())).toEqual(gradient.rgb);
  });

  test('gives the same bytes for the same picture, without a time in them', async () => {
    const png = await writePng(gradient, 64, provenance);
    expect(await writePng(gradient, 64, provenance)).toEqual(png);
    expect(Buffer.from(png).includes('tIME')).toBe(false);
  });

  test('what it writes can be read again', async () => {
    const file = await fileWith('written.png', await writePng(gradient, 16, provenance));
    const reading = await readPicture(file, 16);
    expect(reading.ok && reading.pixels[0]! * 255).toBeCloseTo(gradient.rgb[0]!);
    expect((await readFile(file)).length).toBeLessThan(3000);
  });
});

/** A valid grey PNG of so many black pixels, tiny when packed. */
function pngOfZeros(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8); // one bit per pixel, grey
  const rows = Buffer.alloc(height * (1 + width / 8));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
