/**
 * The numbers that marks, flags, settings, messages and model packages may give, ends included. No schema stands here:
 * loading those takes the extension host time that it need not spend before a run.
 */
export interface NumberRange {
  readonly minimum: number;
  readonly maximum: number;
}

export const limits = {
  threads: { minimum: 1, maximum: 64 },
  steps: { minimum: 1, maximum: 1000 },
  strength: { minimum: 0, maximum: 1 },
  guidance: { minimum: 0, maximum: 20 },
  seed: { minimum: 0, maximum: 0xffff_ffff },
  /** Of `length` and `max`. */
  tokens: { minimum: 1, maximum: 10_000 },
  /** Edge of a written picture in pixels. */
  imageSize: { minimum: 16, maximum: 2048 },
} as const satisfies Readonly<Record<string, NumberRange>>;

/** How much of a filled span or a picture is corrupted where nothing else is said. */
export const defaultStrength = 0.6;

export function isWithin(value: number, { minimum, maximum }: NumberRange): boolean {
  return minimum <= value && value <= maximum;
}
