import { expect, test } from 'vitest';
import { linearPreview } from '../../../src/engine-host/autoencoder.js';
import { fromPatches, toPatches } from '../../../src/engine-host/patches.js';
import { fromRgb, toRgb } from '../../../src/engine-host/pixels.js';
import type { ModelManifest } from '../../../src/protocol/model-package.js';

test('patches go row by row, each in (channel, row, column) order', () => {
  // Two channels of a 4×4 grid; the hundreds tell the channel, the tens the row, the ones the column.
  const grid = Float32Array.from({ length: 32 }, (_, index) => {
    const [channel, row, column] = [index >> 4, (index >> 2) & 3, index & 3];
    return channel * 100 + row * 10 + column;
  });
  const layout = { channels: 2, size: 4, patch: 2 };
  const patches = toPatches(grid, layout);
  expect([...patches.subarray(0, 8)]).toEqual([0, 1, 10, 11, 100, 101, 110, 111]);
  expect([...patches.subarray(8, 16)]).toEqual([2, 3, 12, 13, 102, 103, 112, 113]);
  expect([...patches.subarray(16, 20)]).toEqual([20, 21, 30, 31]);
  expect(fromPatches(patches, layout)).toEqual(grid);
});

test('bytes and numbers turn into each other without loss', () => {
  const rgb = Uint8Array.from({ length: 12 }, (_, index) => index * 23);
  const pixels = fromRgb({ width: 2, height: 2, rgb });
  // The red plane first: every third byte.
  expect([...pixels.subarray(0, 4)].map((value) => Math.round(value * 255))).toEqual([0, 69, 138, 207]);
  expect(toRgb(pixels, 2)).toEqual({ width: 2, height: 2, rgb });
});

test('numbers outside 0–1 become the darkest or lightest byte', () => {
  expect([...toRgb(Float32Array.of(-3, 0.5, 7), 1).rgb]).toEqual([0, 128, 255]);
});

test('the preview is matrix · latent + offset for every cell', () => {
  const image = {
    latent: { channels: 2, size: 2 },
    patch: 1,
    preview: {
      matrix: [
        [0.5, 0],
        [0, 0.25],
        [1, 1],
      ],
      offset: [0, 0.5, -1],
    },
  } as unknown as ModelManifest['image'];
  // One patch per cell: (channel 0, channel 1).
  const patches = Float32Array.of(1, 0, 0, 1, 1, 1, 0, 0);
  const preview = linearPreview(patches, image);
  expect(preview).toMatchObject({ width: 2, height: 2 });
  expect([...preview.rgb]).toEqual([128, 128, 0, 0, 191, 0, 128, 191, 255, 0, 128, 0]);
});
