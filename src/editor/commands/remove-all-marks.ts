import { l10n, window } from 'vscode';
import { activeEditor } from '../documents/active-document.js';
import { applyMarking } from '../marks/apply-marking.js';
import type { Command } from './command.js';

export const removeAllMarks: Command = {
  id: 'oneflow.removeAllMarks',
  run: async ({ worker, workedOn }) => {
    const editor = activeEditor(workedOn);
    const { document } = editor;
    const { version } = document;
    const result = await worker.call('removeAllMarks', document.getText());
    await applyMarking(editor, version, result);
    if (result.ok && result.slots > 0) {
      window.setStatusBarMessage(
        l10n.t('OneFlow: image slots stay; there is no picture behind them yet.'),
        5000,
      );
    }
  },
};
