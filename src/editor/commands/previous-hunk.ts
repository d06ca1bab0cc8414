import { previousHunk as previous } from '../../core/review/index.js';
import { activeEditor } from '../marks/active-document.js';
import { openHunks, revealHunk } from '../review/target.js';
import type { Command } from './command.js';

export const previousHunk: Command = {
  id: 'oneflow.previousHunk',
  run: async (services) => {
    const { document } = openHunks(services);
    const offset = document.offsetAt(activeEditor().selection.active);
    await revealHunk(document, previous(services.reviews.of(document.uri)!, offset)!);
  },
};
