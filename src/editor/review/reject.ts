import type { TextDocument } from 'vscode';
import { discard } from '../pictures/written-file.js';
import type { Services } from '../services.js';

/**
 * Takes hunks out of the review; the text stays as it is. A picture whose accept was undone had its file kept for the
 * redo: it goes now, unless the document shows it in another place.
 */
export async function rejectHunks(
  { reviews }: Services,
  document: TextDocument,
  ids: readonly string[],
): Promise<void> {
  const hunks = reviews.hunksOf(document.uri).filter(({ id }) => ids.includes(id));
  reviews.reject(document.uri, ids);
  const text = document.getText();
  for (const { files = [], state } of hunks) {
    if (state === 'accepted' || state === 'edited') continue;
    for (const file of files) await discard(file, document.uri, text);
  }
}
