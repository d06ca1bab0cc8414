import {
  l10n,
  Range,
  Selection,
  type TextDocument,
  TextEditorRevealType,
  Uri,
  ViewColumn,
  window,
  workspace,
} from 'vscode';
import { hunkAt, hunksIn, isOpen } from '../../core/review/index.js';
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
  const hunks = (reviews.of(document.uri)?.hunks ?? []).filter(isOpen);
  if (hunks.length === 0)
    throw new Refusal(l10n.t('There are no suggestions to decide about in this document.'));
  return { document, hunks };
}

/** Puts the cursor of an editor of `document` at an offset, and shows the place. */
export async function revealPlace(document: TextDocument, offset: number): Promise<void> {
  const editor = await window.showTextDocument(document, columnOf(document));
  const at = document.positionAt(offset);
  editor.selection = new Selection(at, at);
  editor.revealRange(new Range(at, at), TextEditorRevealType.InCenterIfOutsideViewport);
}

/** Where the document is open already; else where a preview does not stand. */
function columnOf(document: TextDocument): ViewColumn {
  return (
    window.visibleTextEditors.find((editor) => editor.document === document)?.viewColumn ?? ViewColumn.One
  );
}

/** Shows a hunk in an editor, its place selected. */
export async function revealHunk(document: TextDocument, { place }: Hunk): Promise<void> {
  const editor = await window.showTextDocument(document);
  const start = document.positionAt(place.start);
  editor.selection = new Selection(start, start);
  editor.revealRange(
    new Range(start, document.positionAt(place.end)),
    TextEditorRevealType.InCenterIfOutsideViewport,
  );
}
