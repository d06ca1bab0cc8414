import { acceptHunks } from '../review/accept.js';
import { targetHunks } from '../review/target.js';
import type { Command } from './command.js';

export const acceptHunk: Command = {
  id: 'oneflow.acceptHunk',
  run: async (services, argument) => {
    const { document, hunks } = await targetHunks(services, argument);
    await acceptHunks(
      services,
      document,
      hunks.map(({ id }) => id),
    );
  },
};
