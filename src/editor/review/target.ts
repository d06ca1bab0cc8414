import { l10n, type TextDocument, Uri, workspace } from 'vscode';
import { hunkAt, hunksIn } from '../../core/review/index.js';
import type { Hunk } from '../../protocol/review.js';
import { hunkArgument } from '../commands/arguments.js';
import { Refusal } from '../failure.js';
import { activeDocument, activeEditor } from '../marks/active-document.js';
import type { Services } from '../services.js';

export interface HunkTarget {
  readonly document: TextDocument;
  readonly hunks: readonly Hunk[];
}

/**
 * What a command on hunks is about: the one that a lens, a tree item or the preview names by document and id, else
 * those in the selection, else the one at the cursor.
 * @throws Refusal when there is none
 */
export async function targetHunks({ reviews }: Services, argument: unknown): Promise<HunkTarget> {
  const named = hunkArgument(argument);
  if (named !== undefined) {
    const document = await workspace.openTextDocument(Uri.parse(named.uri));
    const hunk = reviews.of(document.uri)?.hunks.find(({ id }) => id === named.hunk);
    if (hunk === undefined) throw new Refusal(l10n.t('This suggestion is no longer under review.'));
    return { document, hunks: [hunk] };
  }
  const { document, selection } = activeEditor();
  const review = reviews.of(document.uri);
  const start = document.offsetAt(selection.start);
  const end = document.offsetAt(selection.end);
  const at = review && hunkAt(review, start);
  const hunks = review === undefined ? [] : start < end ? hunksIn(review, { start, end }) : at ? [at] : [];
  if (hunks.length === 0) {
    throw new Refusal(l10n.t('There is no suggestion at the cursor; Next Hunk goes to one.'));
  }
  return { document, hunks };
}

/** All hunks of the active document that are to be decided. */
export function openHunks({ reviews }: Services): HunkTarget {
  const document = activeDocument();
  const hunks = reviews.openHunksOf(document.uri);
  if (hunks.length === 0)
    throw new Refusal(l10n.t('There are no suggestions to decide about in this document.'));
  return { document, hunks };
}
