import type { Command } from './command.js';

/** The refinement preview, beside the editor. */
export const openPreview: Command = {
  id: 'oneflow.openPreview',
  run: ({ previews }) => {
    return previews.open('document');
  },
};
