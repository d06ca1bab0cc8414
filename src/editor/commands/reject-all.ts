import { rejectHunks } from '../review/reject.js';
import { openHunks } from '../review/target.js';
import type { Command } from './command.js';

export const rejectAll: Command = {
  id: 'oneflow.rejectAll',
  run: async (services) => {
    const { document, hunks } = openHunks(services);
    await rejectHunks(
      services,
      document,
      hunks.map(({ id }) => id),
    );
  },
};
