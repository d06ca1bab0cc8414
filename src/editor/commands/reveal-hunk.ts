import { revealPlace } from '../reveal.js';
import { targetHunks } from '../review/target.js';
import type { Command } from './command.js';

/** Puts the cursor at a hunk: what its item in the tree calls. */
export const revealHunk: Command = {
  id: 'oneflow.revealHunk',
  run: async (services, argument) => {
    const { document, hunks } = await targetHunks(services, argument);
    const { place } = hunks[0]!;
    await revealPlace(document, place.start, place.end);
  },
};
