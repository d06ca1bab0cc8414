/** What settings may be: VS Code hands on whatever a settings file says. */
import type { Device } from '../protocol/devices.js';

interface Range {
  readonly minimum: number;
  readonly maximum: number;
  readonly isInteger: boolean;
}

/** As package.json has them; of picture sizes, the model has the last word. */
export const settingRanges = {
  threads: { minimum: 0, maximum: 64, isInteger: true },
  unloadAfter: { minimum: 0, maximum: 1440, isInteger: true },
  steps: { minimum: 0, maximum: 1000, isInteger: true },
  guidance: { minimum: 0, maximum: 20, isInteger: false },
  strength: { minimum: 0, maximum: 1, isInteger: false },
  seed: { minimum: 0, maximum: 2 ** 32 - 1, isInteger: true },
  imageSize: { minimum: 16, maximum: 2048, isInteger: true },
} as const satisfies Readonly<Record<string, Range>>;

/** As package.json has them; the schema of the protocol is not loaded for it. */
export const devices: readonly Device[] = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

export function isInRange(value: unknown, { minimum, maximum, isInteger }: Range): value is number {
  const isNumber = isInteger ? Number.isInteger(value) : Number.isFinite(value);
  return isNumber && minimum <= (value as number) && (value as number) <= maximum;
}
