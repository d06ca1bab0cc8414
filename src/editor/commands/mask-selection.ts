import { activeEditor } from '../marks/active-document.js';
import { applyMarking } from '../marks/apply-marking.js';
import { rangeOf } from '../offsets.js';
import type { Command } from './command.js';

export const maskSelection: Command = {
  id: 'oneflow.maskSelection',
  run: async ({ worker }) => {
    const editor = activeEditor();
    const { document, selection } = editor;
    const { version } = document;
    const result = await worker.call('maskSelection', document.getText(), rangeOf(document, selection));
    await applyMarking(editor, version, result);
  },
};
