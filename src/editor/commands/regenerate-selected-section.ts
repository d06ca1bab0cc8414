import { activeEditor } from '../documents/active-document.js';
import { rangeOf } from '../offsets.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

/** Each selection, or the section that a cursor is in; marks are made for this run only. */
export const regenerateSelectedSection: Command = {
  id: 'oneflow.regenerateSelectedSection',
  run: async (services) => {
    const { document, selections } = activeEditor(services.workedOn);
    const text = document.getText();
    const ranges = await Promise.all(
      selections.map(async (selection) => {
        const range = rangeOf(document, selection);
        return selection.isEmpty ? services.worker.call('sectionAt', text, range.start) : range;
      }),
    );
    return startRun(services, document, { kind: 'ranges', ranges }, { text });
  },
};
