import { l10n, window } from 'vscode';
import { activeEditor } from '../documents/active-document.js';
import { applyMarking } from '../marks/apply-marking.js';
import type { Command } from './command.js';

/** Asks what the picture should show. */
export const insertImageSlot: Command = {
  id: 'oneflow.insertImageSlot',
  run: async ({ worker, workedOn }) => {
    const editor = activeEditor(workedOn);
    const { document } = editor;
    const alt = await window.showInputBox({
      title: l10n.t('Insert Image Slot'),
      prompt: l10n.t('What should the picture show?'),
      placeHolder: l10n.t('a bowl of tomato soup'),
    });
    if (alt === undefined) return;
    // The cursor goes with the text, which may have changed while the question stood there.
    const { version } = document;
    const offset = document.offsetAt(editor.selection.active);
    await applyMarking(
      editor,
      version,
      await worker.call('insertImageSlot', document.getText(), offset, alt),
    );
  },
};
