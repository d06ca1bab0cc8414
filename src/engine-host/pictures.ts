/** Picture files in and out. Input files are untrusted: only PNG, JPEG and WebP are read, with hard limits. */
import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { firstLine } from './errors.js';
import { fromRgb, type RgbPicture } from './pixels.js';
import { withTextChunk } from './png-text.js';

// Every loader of libvips off (SVG, GIF, TIFF, PDF, …), then the three that authors need on again.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadPngBuffer', 'VipsForeignLoadJpegBuffer', 'VipsForeignLoadWebpBuffer'],
});
sharp.cache(false);
sharp.concurrency(1);

const maxFileBytes = 64 * 1024 ** 2;
const maxPixels = 64 * 1000 ** 2;
const white = { r: 255, g: 255, b: 255 };

/** A picture, or in one sentence why the file does not give one. */
export type PictureReading =
  { readonly ok: true; readonly pixels: Float32Array } | { readonly ok: false; readonly problem: string };

/**
 * Reads a picture file as `3 × size × size` numbers in 0–1: upright, on white, the whole of it, centred.
 * @param file absolute path
 */
export async function readPicture(file: string, size: number): Promise<PictureReading> {
  try {
    const status = await stat(file);
    if (!status.isFile()) return { ok: false, problem: 'it is not a file' };
    if (status.size > maxFileBytes) {
      return { ok: false, problem: `it is larger than ${maxFileBytes / 1024 ** 2} MB` };
    }
    const { data, info } = await sharp(await readFile(file), { limitInputPixels: maxPixels, failOn: 'error' })
      .autoOrient()
      .toColourspace('srgb')
      .flatten({ background: white })
      .resize(size, size, { fit: 'contain', background: white, kernel: 'lanczos3' })
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) return { ok: false, problem: 'its colours cannot be read' };
    return { ok: true, pixels: fromRgb({ width: size, height: size, rgb: new Uint8Array(data) }) };
  } catch (error) {
    return { ok: false, problem: readingProblem(error) };
  }
}

function readingProblem(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  const message = firstLine(error);
  if (message.includes('exceeds pixel limit')) {
    return `it has more than ${maxPixels / 1000 ** 2} million pixels`;
  }
  if (/unsupported image format|Input Buffer is empty/.test(message)) {
    return 'it is no PNG, JPEG or WebP picture';
  }
  return `it cannot be decoded (${message})`;
}

/** Where a picture comes from; stored in its file. */
export interface Provenance {
  readonly model: string;
  readonly version: string;
  readonly seed: number;
  readonly steps: number;
  readonly prompt: string;
  readonly style: string | null;
}

/**
 * Writes a picture as PNG, resampled to `size × size`, with its provenance as JSON in a text chunk called `oneflow`.
 * The same picture, size and provenance give the same bytes.
 */
export async function writePng(
  picture: RgbPicture,
  size: number,
  provenance: Provenance,
): Promise<Uint8Array<ArrayBuffer>> {
  return withTextChunk(await encodePng(picture, size), 'oneflow', JSON.stringify(provenance));
}

/** A picture as PNG, resampled to `size × size`. */
export async function encodePng(
  { width, height, rgb }: RgbPicture,
  size: number,
): Promise<Buffer<ArrayBuffer>> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize(size, size, { fit: 'fill', kernel: 'lanczos3' })
    .png({ compressionLevel: 9 })
    .toBuffer();
}
