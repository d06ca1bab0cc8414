import type { Command } from './command.js';

/** The run on the document that is looked at; every run when there is none on it. */
export const stop: Command = {
  id: 'oneflow.stop',
  run: ({ runs, workedOn }) => {
    const document = workedOn.document?.uri;
    if (document !== undefined && runs.activeOn(document)) runs.stop(document);
    else runs.stopAll();
  },
};
