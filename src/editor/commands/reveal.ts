import { placeArgument } from '../command-arguments.js';
import { namedDocument } from '../documents/active-document.js';
import { revealPlace } from '../reveal.js';
import type { Command } from './command.js';

/** Puts the cursor at an offset of a document: what the tree's items call. */
export const reveal: Command = {
  id: 'oneflow.reveal',
  run: async (_services, argument) => {
    const place = placeArgument(argument);
    if (place === undefined) return;
    await revealPlace(await namedDocument(place.uri), place.offset);
  },
};
