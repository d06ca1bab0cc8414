import { placeArgument } from '../command-arguments.js';
import { namedDocument } from '../documents/active-document.js';
import { startRun } from '../runs/start-run.js';
import type { Command } from './command.js';

/** Refines the mark that begins at a place: what its lens and its item in the tree call. */
export const regenerateMark: Command = {
  id: 'oneflow.regenerateMark',
  run: async (services, argument) => {
    const place = placeArgument(argument);
    if (place === undefined) return undefined;
    return startRun(services, await namedDocument(place.uri), { kind: 'masks', starts: [place.offset] });
  },
};
