import { activeEditor } from '../documents/active-document.js';
import { applyMarking } from '../marks/apply-marking.js';
import type { Command } from './command.js';

export const maskPicture: Command = {
  id: 'oneflow.maskPicture',
  run: async ({ worker, workedOn }) => {
    const editor = activeEditor(workedOn);
    const { document, selections } = editor;
    const { version } = document;
    const offsets = selections.map(({ active }) => document.offsetAt(active));
    await applyMarking(editor, version, await worker.call('maskPicture', document.getText(), offsets));
  },
};
