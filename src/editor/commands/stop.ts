import { activeMarkdown } from '../marks/active-document.js';
import type { Command } from './command.js';

/** The run on the document that is looked at; every run when there is none on it. */
export const stop: Command = {
  id: 'oneflow.stop',
  run: ({ runs }) => {
    const document = activeMarkdown()?.uri;
    if (document !== undefined && runs.activeOn(document)) runs.stop(document);
    else runs.stopAll();
  },
};
