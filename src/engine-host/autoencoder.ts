/** Pictures to the latents that the flow sees, and back. */
import type { ModelManifest } from '../protocol/model-package.js';
import type { GraphContract, RunnableGraph } from './graph.js';
import { fromPatches, toPatches, type PatchLayout } from './patches.js';
import type { RgbPicture } from './pixels.js';

type ImageManifest = ModelManifest['image'];

/** Square pictures as `3 × size × size` numbers in 0–1 (red plane, green plane, blue plane). */
export interface Autoencoder {
  /** Standardised patches of a picture; see `toPatches` for their order. */
  encode(pixels: Float32Array): Promise<Float32Array>;
  /** The picture of standardised patches, clamped to 0–1. */
  decode(patches: Float32Array): Promise<Float32Array>;
}

export function encoderContract(image: ImageManifest): GraphContract {
  return { inputs: [pixelsContract(image)], outputs: [latentContract(image)] };
}

export function decoderContract(image: ImageManifest): GraphContract {
  return { inputs: [latentContract(image)], outputs: [pixelsContract(image)] };
}

const pixelsContract = ({ size }: ImageManifest) =>
  ({ name: 'pixels', type: 'float32', shape: [1, 3, size, size] }) as const;

const latentContract = ({ latent }: ImageManifest) =>
  ({ name: 'latent', type: 'float32', shape: [1, latent.channels, latent.size, latent.size] }) as const;

/** The autoencoder of two graphs that were loaded under the contracts above. */
export function onnxAutoencoder(
  encoder: RunnableGraph,
  decoder: RunnableGraph,
  image: ImageManifest,
): Autoencoder {
  const layout = patchLayout(image);
  return {
    encode: async (pixels) => {
      const { shape } = pixelsContract(image);
      const { latent } = await encoder.run({ pixels: { type: 'float32', data: pixels, shape } });
      return toPatches(standardise(latent!.data as Float32Array, image), layout);
    },
    decode: async (patches) => {
      const data = destandardise(fromPatches(patches, layout), image);
      const { shape } = latentContract(image);
      const { pixels } = await decoder.run({ latent: { type: 'float32', data, shape } });
      return (pixels!.data as Float32Array).map((value) => Math.min(1, Math.max(0, value)));
    },
  };
}

export function patchLayout({ latent, patch }: ImageManifest): PatchLayout {
  return { channels: latent.channels, size: latent.size, patch };
}

/** (latent − mean) / deviation, per channel. */
function standardise(grid: Float32Array, { latent }: ImageManifest): Float32Array {
  const cells = latent.size ** 2;
  return grid.map((value, index) => {
    const channel = Math.floor(index / cells);
    return (value - latent.mean[channel]!) / latent.deviation[channel]!;
  });
}

function destandardise(grid: Float32Array, { latent }: ImageManifest): Float32Array {
  const cells = latent.size ** 2;
  return grid.map((value, index) => {
    const channel = Math.floor(index / cells);
    return value * latent.deviation[channel]! + latent.mean[channel]!;
  });
}

/**
 * What a picture looks like so far, without the decoder: a linear map of each latent cell to one pixel, cheap
 * enough for every pass.
 */
export function linearPreview(patches: Float32Array, image: ImageManifest): RgbPicture {
  const { channels, size } = image.latent;
  const { patch, preview } = image;
  const cells = patch * patch;
  const [red, green, blue] = preview.matrix as [number[], number[], number[]];
  // Rounds and clamps by itself.
  const rgb = new Uint8ClampedArray(size * size * 3);
  let start = 0;
  for (let top = 0; top < size; top += patch) {
    for (let left = 0; left < size; left += patch) {
      for (let cell = 0; cell < cells; cell += 1) {
        let [r, g, b] = preview.offset as [number, number, number];
        for (let channel = 0; channel < channels; channel += 1) {
          const value = patches[start + channel * cells + cell]!;
          r += red[channel]! * value;
          g += green[channel]! * value;
          b += blue[channel]! * value;
        }
        const pixel = 3 * ((top + Math.floor(cell / patch)) * size + left + (cell % patch));
        rgb[pixel] = 255 * r;
        rgb[pixel + 1] = 255 * g;
        rgb[pixel + 2] = 255 * b;
      }
      start += channels * cells;
    }
  }
  return { width: size, height: size, rgb: new Uint8Array(rgb.buffer) };
}
