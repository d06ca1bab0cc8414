import { revealHunk as reveal, targetHunks } from '../review/target.js';
import type { Command } from './command.js';

/** Puts the cursor at a hunk: what its item in the tree calls. */
export const revealHunk: Command = {
  id: 'oneflow.revealHunk',
  run: async (services, argument) => {
    const { document, hunks } = await targetHunks(services, argument);
    await reveal(document, hunks[0]!);
  },
};
