import { l10n } from 'vscode';
import { Refusal } from '../failure.js';
import { targetHunks } from '../review/target.js';
import { newSeed } from '../runs/seed.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

/** Another suggestion for the same place or places, with another seed; the former one stays as a variant. */
export const regenerateHunk: Command = {
  id: 'oneflow.regenerateHunk',
  run: async (services, argument) => {
    const { document, hunks } = await targetHunks(services, argument);
    const text = document.getText();
    const pending = hunks.filter(({ state }) => state === 'pending');
    if (pending.length === 0) {
      throw new Refusal(
        l10n.t('The text under this suggestion has changed; undo that change, or reject it.'),
      );
    }
    const seed = newSeed();
    const { masks } = await services.worker.call('analyse', text);
    const marked = new Set(masks.map(({ range }) => range.start));
    const starts = pending.map(({ place }) => place.start).filter((start) => marked.has(start));
    if (starts.length === pending.length) {
      return startRun(services, document, { kind: 'masks', starts }, { seed, text });
    }
    // Marks that were made for one run only are made again for this one.
    const ranges = pending.map(({ place }) => place);
    return startRun(services, document, { kind: 'ranges', ranges }, { seed, text });
  },
};
