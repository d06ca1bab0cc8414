import { activeEditor } from '../marks/active-document.js';
import { rangeOf } from '../offsets.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

/** The selection, or the section that the cursor is in; marks are made for this run only. */
export const regenerateSelectedSection: Command = {
  id: 'oneflow.regenerateSelectedSection',
  run: async (services) => {
    const { document, selection } = activeEditor();
    const range = selection.isEmpty
      ? await services.worker.call('sectionAt', document.getText(), document.offsetAt(selection.active))
      : rangeOf(document, selection);
    return startRun(services, document, { kind: 'range', range });
  },
};
