/** What settings may be: VS Code hands on whatever a settings file says. */
import type { Device } from '../protocol/devices.js';
import { isWithin, limits, type NumberRange } from '../protocol/limits.js';

interface Range extends NumberRange {
  readonly isInteger: boolean;
}

/** As package.json has them, 0 for the engine's or the model's own; of picture sizes, the model has the last word. */
export const settingRanges = {
  threads: { ...limits.threads, minimum: 0, isInteger: true },
  unloadAfter: { minimum: 0, maximum: 1440, isInteger: true },
  steps: { ...limits.steps, minimum: 0, isInteger: true },
  guidance: { ...limits.guidance, isInteger: false },
  strength: { ...limits.strength, isInteger: false },
  seed: { ...limits.seed, isInteger: true },
  imageSize: { ...limits.imageSize, isInteger: true },
} as const satisfies Readonly<Record<string, Range>>;

/** As package.json has them; the schema of the protocol is not loaded for it. */
export const devices: readonly Device[] = ['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

export function isInRange(value: unknown, range: Range): value is number {
  const isNumber = range.isInteger ? Number.isInteger(value) : Number.isFinite(value);
  return isNumber && isWithin(value as number, range);
}
