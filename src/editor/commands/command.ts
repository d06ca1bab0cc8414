import type { Services } from '../services.js';

/** A command of the palette, of a menu or of a link; `id` is what package.json contributes. */
export interface Command {
  readonly id: string;
  /** What it throws is shown to the author as one sentence. */
  readonly run: (services: Services, ...args: unknown[]) => unknown;
}
