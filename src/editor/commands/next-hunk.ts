import { nextHunk as next } from '../../core/review/index.js';
import { activeEditor } from '../marks/active-document.js';
import { openHunks, revealHunk } from '../review/target.js';
import type { Command } from './command.js';

export const nextHunk: Command = {
  id: 'oneflow.nextHunk',
  run: async (services) => {
    const { document } = openHunks(services);
    const offset = document.offsetAt(activeEditor().selection.active);
    await revealHunk(document, next(services.reviews.of(document.uri)!, offset)!);
  },
};
