/** How long ago each character of a text was written, so that new words can fade over a few passes. */

/** Per UTF-16 unit of a text: passes since it was written, at most `oldest`. */
export type Ages = Uint8Array;

/** From this age on a character looks like any other. */
export const oldest = 4;

type Range = readonly [start: number, end: number];

/**
 * The ages in a text whose `fresh` ranges this pass wrote. What is not fresh was there before, in the same order, one
 * pass younger than it is now; where the texts do not match (an escape came or went) an age may be off by a place.
 */
export function ageText(before: Ages | undefined, text: string, fresh: readonly Range[]): Ages {
  const ages = new Uint8Array(text.length).fill(oldest);
  for (const [start, end] of fresh) ages.fill(0, start, Math.max(start, end));
  let next = 0;
  for (let at = 0; at < ages.length; at += 1) {
    if (ages[at] === 0) continue;
    const age = before?.[next] ?? oldest;
    next += 1;
    ages[at] = Math.min(age + 1, oldest);
  }
  return ages;
}

export interface FreshRun {
  readonly start: number;
  readonly end: number;
  /** Below `oldest`. */
  readonly age: number;
}

/** The stretches younger than `oldest`, each within one line and without the white space around it. */
export function freshRuns(text: string, ages: Ages): FreshRun[] {
  const runs: FreshRun[] = [];
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    const isSame = at < text.length && ages[at] === ages[start] && text[at] !== '\n' && text[at - 1] !== '\n';
    if (isSame) continue;
    const age = ages[start]!;
    const words = text.slice(start, at);
    if (age < oldest && words.trim() !== '') {
      const lead = words.length - words.trimStart().length;
      runs.push({ start: start + lead, end: start + words.trimEnd().length, age });
    }
    start = at;
  }
  return runs;
}
