import { previousHunk as previous } from '../../core/review/index.js';
import { cursorIn } from '../documents/active-document.js';
import { revealPlace } from '../reveal.js';
import { openHunks } from '../review/target.js';
import type { Command } from './command.js';

export const previousHunk: Command = {
  id: 'oneflow.previousHunk',
  run: async (services) => {
    const { document } = openHunks(services);
    const offset = cursorIn(document);
    const { place } = previous(services.reviews.of(document.uri)!, offset)!;
    await revealPlace(document, place.start, place.end);
  },
};
