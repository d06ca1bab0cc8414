/** Pictures as numbers and as bytes. */

/** A picture as bytes: `width × height` pixels of red, green, blue. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array<ArrayBuffer>;
}

/** Numbers in 0–1, in planes, to bytes, pixel by pixel. */
export function toRgb(pixels: Float32Array, size: number): RgbPicture {
  const area = size * size;
  const rgb = new Uint8Array(area * 3);
  for (let color = 0; color < 3; color += 1) {
    for (let pixel = 0; pixel < area; pixel += 1)
      rgb[pixel * 3 + color] = toByte(pixels[color * area + pixel]!);
  }
  return { width: size, height: size, rgb };
}

/** The inverse of `toRgb`, for a square picture. */
export function fromRgb({ width, height, rgb }: RgbPicture): Float32Array {
  const area = width * height;
  const pixels = new Float32Array(area * 3);
  for (let color = 0; color < 3; color += 1) {
    for (let pixel = 0; pixel < area; pixel += 1)
      pixels[color * area + pixel] = rgb[pixel * 3 + color]! / 255;
  }
  return pixels;
}

/** 0–1 to 0–255; numbers outside are clamped. */
export function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value * 255)));
}
