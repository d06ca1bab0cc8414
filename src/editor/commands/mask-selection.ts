import { activeEditor } from '../documents/active-document.js';
import { applyMarking } from '../marks/apply-marking.js';
import { rangeOf } from '../offsets.js';
import type { Command } from './command.js';

export const maskSelection: Command = {
  id: 'oneflow.maskSelection',
  run: async ({ worker, workedOn }) => {
    const editor = activeEditor(workedOn);
    const { document, selections } = editor;
    const { version } = document;
    const ranges = selections.map((selection) => rangeOf(document, selection));
    const result = await worker.call('maskSelection', document.getText(), ranges);
    await applyMarking(editor, version, result);
  },
};
