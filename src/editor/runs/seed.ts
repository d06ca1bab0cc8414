import { randomBytes } from 'node:crypto';

/** A seed that nobody has chosen: 0 – 2³²−1. */
export function newSeed(): number {
  return randomBytes(4).readUInt32LE();
}
