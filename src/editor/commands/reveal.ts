import { Range, Selection, TextEditorRevealType, Uri, window } from 'vscode';
import { placeArgument } from './arguments.js';
import type { Command } from './command.js';

/** Puts the cursor at an offset of a document: what the tree's items call. */
export const reveal: Command = {
  id: 'oneflow.reveal',
  run: async (_services, argument) => {
    const place = placeArgument(argument);
    if (place === undefined) return;
    const editor = await window.showTextDocument(Uri.parse(place.uri));
    const position = editor.document.positionAt(place.offset);
    editor.selection = new Selection(position, position);
    editor.revealRange(new Range(position, position), TextEditorRevealType.InCenterIfOutsideViewport);
  },
};
