// Draws media/icon.png from media/icon.svg.
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './run.mjs';

await sharp(join(root, 'media', 'icon.svg'), { density: 288 })
  .resize(256, 256)
  .png({ compressionLevel: 9, palette: true, quality: 100 })
  .toFile(join(root, 'media', 'icon.png'));
