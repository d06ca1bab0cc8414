import { placeArgument } from '../command-arguments.js';
import { activeEditor, namedDocument } from '../documents/active-document.js';
import { applyMarking } from '../marks/apply-marking.js';
import { rangeOf } from '../offsets.js';
import { showDocument } from '../reveal.js';
import type { Command } from './command.js';

/** Takes the marks in each selection away, or the one at a cursor; with a place as argument, the one there. */
export const unmask: Command = {
  id: 'oneflow.unmask',
  run: async ({ worker, workedOn }, argument) => {
    const place = placeArgument(argument);
    const editor =
      place === undefined ? activeEditor(workedOn) : await showDocument(await namedDocument(place.uri));
    const { document, selections } = editor;
    const { version } = document;
    const ranges =
      place === undefined
        ? selections.map((selection) => rangeOf(document, selection))
        : [{ start: place.offset, end: place.offset }];
    await applyMarking(editor, version, await worker.call('unmask', document.getText(), ranges));
  },
};
