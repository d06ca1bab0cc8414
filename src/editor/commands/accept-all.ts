import { l10n } from 'vscode';
import { Refusal } from '../failure.js';
import { acceptHunks } from '../review/accept.js';
import { openHunks } from '../review/target.js';
import type { Command } from './command.js';

/** Every suggestion that can be accepted, in one undo step; those whose text has changed stay. */
export const acceptAll: Command = {
  id: 'oneflow.acceptAll',
  run: async (services) => {
    const { document, hunks } = openHunks(services);
    const pending = hunks.filter(({ state }) => state === 'pending');
    if (pending.length === 0) {
      throw new Refusal(
        l10n.t(
          'The text under every suggestion has changed; undo those changes to accept them, or reject them.',
        ),
      );
    }
    await acceptHunks(
      services,
      document,
      pending.map(({ id }) => id),
    );
  },
};
