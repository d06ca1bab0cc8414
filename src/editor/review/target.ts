import { l10n, type TextDocument, window } from 'vscode';
import type { Range } from '../../core/document/types.js';
import { hunkAt, hunksIn, type Review } from '../../core/review/index.js';
import type { Hunk } from '../../protocol/review.js';
import { hunkArgument } from '../command-arguments.js';
import { Refusal } from '../failure.js';
import { activeDocument, editorOf, namedDocument } from '../documents/active-document.js';
import { rangeOf } from '../offsets.js';
import type { Services } from '../services.js';
import { comparedHunk } from '../compared-hunk.js';

export interface HunkTarget {
  readonly document: TextDocument;
  readonly hunks: readonly Hunk[];
}

/**
 * What a command on hunks is about: the one that a lens, a tree item or the preview names by document and id, else
 * the one that is compared in a diff editor with the focus, else those in each selection, and at each cursor the one
 * there or the only one on its line.
 * @throws Refusal when there is none
 */
export async function targetHunks({ reviews, workedOn }: Services, argument: unknown): Promise<HunkTarget> {
  const active = window.activeTextEditor;
  const named = hunkArgument(argument) ?? (active && comparedHunk(active.document.uri));
  if (named !== undefined) {
    const document = await namedDocument(named.uri);
    // As it is now: to open a document takes a moment, in which places may move.
    const hunk = reviews.hunksOf(document.uri).find(({ id }) => id === named.hunk);
    if (hunk === undefined) throw new Refusal(l10n.t('This suggestion is no longer under review.'));
    return { document, hunks: [hunk] };
  }
  const document = activeDocument(workedOn);
  const selections = editorOf(document)?.selections ?? [];
  const review = reviews.of(document.uri);
  const hunks = new Set(
    review && selections.flatMap((selection) => atSelection(review, document, rangeOf(document, selection))),
  );
  if (hunks.size === 0) {
    throw new Refusal(l10n.t('There is no suggestion at the cursor; Next Hunk goes to one.'));
  }
  return { document, hunks: [...hunks] };
}

function atSelection(review: Review, document: TextDocument, { start, end }: Range): readonly Hunk[] {
  return start < end ? hunksIn(review, { start, end }) : atCursor(review, document, start);
}

function atCursor(review: Review, document: TextDocument, offset: number): readonly Hunk[] {
  const at = hunkAt(review, offset);
  if (at !== undefined) return [at];
  const { range } = document.lineAt(document.positionAt(offset));
  const onLine = hunksIn(review, rangeOf(document, range));
  return onLine.length === 1 ? onLine : [];
}

/** All hunks of the document that is worked on that are to be decided. */
export function openHunks({ reviews, workedOn }: Services): HunkTarget {
  const document = activeDocument(workedOn);
  const hunks = reviews.openHunksOf(document.uri);
  if (hunks.length === 0)
    throw new Refusal(l10n.t('There are no suggestions to decide about in this document.'));
  return { document, hunks };
}
