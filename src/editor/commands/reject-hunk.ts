import { rejectHunks } from '../review/reject.js';
import { targetHunks } from '../review/target.js';
import type { Command } from './command.js';

export const rejectHunk: Command = {
  id: 'oneflow.rejectHunk',
  run: async (services, argument) => {
    const { document, hunks } = await targetHunks(services, argument);
    await rejectHunks(
      services,
      document,
      hunks.map(({ id }) => id),
    );
  },
};
