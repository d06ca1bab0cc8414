import type { Hole } from '../../src/protocol/preview-messages.js';

/** Words that an empty mask is given room for: within a line, and as blocks of its own. */
const usual = { inline: 8, block: 28 } as const;
const wordsPerToken = 0.75;

const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

/**
 * How many words are still to come in a hole, to show gaps in their place and keep the room. At time `t` of a linear
 * schedule a share `t` of the text is there, so from the middle on what is there tells how much it will be.
 */
export function missingWords(hole: Hole, text: string, t: number): number {
  if (t >= 1) return 0;
  const there = countWords(text);
  if (hole.length !== undefined) return Math.max(0, Math.round(hole.length * wordsPerToken) - there);
  const before = countWords(hole.before);
  const most = hole.max === undefined ? Infinity : hole.max * wordsPerToken;
  const guess = Math.min(before > 0 ? before : usual[hole.form === 'block' ? 'block' : 'inline'], most);
  const trust = Math.max(0, (t - 0.3) / 0.7);
  const total = there === 0 ? guess * (1 - trust) : guess * (1 - trust) + (there / Math.max(t, 0.3)) * trust;
  return Math.max(there === 0 && t < 0.9 ? 1 : 0, Math.min(60, Math.round(total - there)));
}
