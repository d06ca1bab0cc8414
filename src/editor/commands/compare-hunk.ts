import { compareHunk as compare } from '../review/hunk-diff.js';
import { targetHunks } from '../review/target.js';
import type { Command } from './command.js';

/** Shows the document as it is beside the document with the suggestion accepted. */
export const compareHunk: Command = {
  id: 'oneflow.compareHunk',
  run: async (services, argument) => {
    const { document, hunks } = await targetHunks(services, argument);
    await compare(document, hunks[0]!);
  },
};
