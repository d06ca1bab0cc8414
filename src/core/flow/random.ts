/**
 * Counter-based random numbers: every draw has an address, so it never depends on how many others were made before
 * it. Philox4x32-10 of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011).
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

export type Block = readonly [number, number, number, number];

/** High 32 bits of the product of two unsigned 32-bit integers. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  // Each partial sum stays below 2^53, so plain numbers carry it exactly.
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  return (aHigh * bHigh + Math.floor((aLow * bHigh + middle) / 0x1_0000)) >>> 0;
}

/** One Philox4x32-10 block: four unsigned 32-bit words from a counter of four and a key of two. */
export function philox(counter: Block, key: readonly [number, number]): Block {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = (high1 ^ c1 ^ k0) >>> 0;
    c1 = low1 >>> 0;
    c2 = (high0 ^ c3 ^ k1) >>> 0;
    c3 = low0 >>> 0;
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** The random numbers of one mask: its seed and a hash of its id, so that masks with one seed differ. */
export interface Stream {
  readonly key: readonly [number, number];
}

/** What a draw decides. The number is part of its address: draws for two purposes never coincide. */
export enum Purpose {
  Keep = 0,
  Noise = 1,
  Gate = 2,
  Rate = 3,
  Token = 4,
  Reveal = 5,
}

/** FNV-1a over the UTF-16 units of `text`, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  }
  return value >>> 0;
}

/** The stream of the mask `id` under `seed`, an unsigned 32-bit integer. */
export function createStream(seed: number, id: string): Stream {
  return { key: [seed >>> 0, hash(id)] };
}

/** A uniform number in [0, 1) with 53 random bits, addressed by purpose, pass and index (32 bits each). */
export function uniform(stream: Stream, purpose: Purpose, pass: number, index: number): number {
  const [a, b] = philox([index, pass, purpose, 0], stream.key);
  return ((a >>> 5) * 0x400_0000 + (b >>> 6)) / 2 ** 53;
}

/** `count` standard normal numbers; number i depends on its address (purpose, pass, i) alone. */
export function normals(stream: Stream, purpose: Purpose, pass: number, count: number): Float32Array {
  const values = new Float32Array(count);
  for (let start = 0; start < count; start += 4) {
    const words = philox([start / 4, pass, purpose, 0], stream.key);
    for (let pair = 0; pair < 4; pair += 2) {
      // Box–Muller; the half keeps the logarithm's argument off 0.
      const radius = Math.sqrt(-2 * Math.log((words[pair]! + 0.5) / 2 ** 32));
      const angle = (2 * Math.PI * words[pair + 1]!) / 2 ** 32;
      // Writes past the end of a typed array are ignored.
      values[start + pair] = radius * Math.cos(angle);
      values[start + pair + 1] = radius * Math.sin(angle);
    }
  }
  return values;
}
