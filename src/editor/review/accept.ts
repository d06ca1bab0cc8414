import { l10n, type TextDocument, window, workspace, WorkspaceEdit } from 'vscode';
import { acceptEdits, refusalOf, withdrawAccept } from '../../core/review/index.js';
import type { TextEdit } from '../../core/document/types.js';
import type { Hunk } from '../../protocol/review.js';
import { Refusal } from '../failure.js';
import { editorRange } from '../offsets.js';
import { isCell, showDocument } from '../reveal.js';
import type { Services } from '../services.js';
import { AcceptedPictures } from './accepted-pictures.js';

/** By document: the accept that is under way. */
const underWay = new WeakMap<TextDocument, Promise<void>>();

/**
 * Puts what hunks propose into the document, as one undo step. Their pictures are written first: a document never
 * shows a picture that is not there. When the edit fails nothing is left of it. One accept after the other: what the
 * one before has accepted too, by a second click, is left out.
 * @throws Refusal when one of them cannot be accepted
 */
export async function acceptHunks(
  services: Services,
  document: TextDocument,
  ids: readonly string[],
): Promise<void> {
  refuse(services, document, ids);
  const before = underWay.get(document) ?? Promise.resolve();
  const accept = before.then(async () => {
    const hunks = services.reviews.hunksOf(document.uri);
    const left = ids.filter((id) => !hunks.some((hunk) => hunk.id === id && hunk.state === 'accepted'));
    if (left.length > 0) await acceptNow(services, document, left);
  });
  underWay.set(
    document,
    accept.catch(() => undefined),
  );
  return accept;
}

/** Refuses when one of the hunks cannot be accepted as things are; gives them otherwise. */
function refuse({ reviews }: Services, document: TextDocument, ids: readonly string[]): readonly Hunk[] {
  const hunks = reviews.hunksOf(document.uri).filter(({ id }) => ids.includes(id));
  for (const hunk of hunks) {
    const message = refusalOf(hunk, document.getText());
    if (message !== undefined) throw new Refusal(message);
  }
  return hunks;
}

async function acceptNow(services: Services, document: TextDocument, ids: readonly string[]): Promise<void> {
  const hunks = refuse(services, document, ids);
  const hasPictures = hunks.some(({ pictures }) => pictures.length > 0);
  const place = hasPictures ? await savedDocument(services, document) : document;
  const pictures = new AcceptedPictures(services, place);
  try {
    for (const hunk of hunks) await pictures.place(hunk);
    await apply(services, place, ids, pictures.destinations);
  } catch (error) {
    await pictures.withdraw();
    throw error;
  } finally {
    await pictures.settle();
  }
  await pictures.keep(hunks);
}

/** How often an accept is tried again when the author has typed in the moment that it was under way. */
const attempts = 5;

/**
 * By the editor and not by `workspace.applyEdit`: the editor compares versions in the same moment in which it edits. An
 * edit for a text that has just become another would otherwise land in the wrong place.
 */
async function apply(
  { reviews }: Services,
  document: TextDocument,
  ids: readonly string[],
  destinations: ReadonlyMap<string, string>,
): Promise<void> {
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const review = reviews.of(document.uri);
    if (review === undefined) throw new Refusal(l10n.t('This suggestion is no longer under review.'));
    const accepted = acceptEdits(review, ids, destinations);
    if (!accepted.ok) throw new Refusal(accepted.message);
    // Of hunks that overlap only the first is accepted.
    const meant = new Set(
      accepted.review.hunks.filter((hunk, index) => hunk !== review.hunks[index]).map(({ id }) => id),
    );
    reviews.update(document.uri, () => accepted.review);
    let isDone: boolean;
    try {
      isDone = await makeEdits(document, accepted.edits);
    } catch (error) {
      reviews.update(document.uri, (current) => withdrawAccept(current, ids, review));
      throw error;
    }
    const hunks = reviews.hunksOf(document.uri);
    const isPending = hunks.some(({ id, state }) => state === 'pending' && meant.has(id));
    if (isDone && !isPending) return;
    reviews.update(document.uri, (current) => withdrawAccept(current, ids, review));
    // An editor that is read-only says that it has edited, and has not.
    if (isDone) break;
  }
  throw new Refusal(
    l10n.t('The document could not be edited; nothing was changed. Is it read-only, or has it just changed?'),
  );
}

async function makeEdits(document: TextDocument, edits: readonly TextEdit[]): Promise<boolean> {
  const visible = window.visibleTextEditors.find((editor) => editor.document === document);
  if (visible === undefined && isCell(document)) {
    // A cell that is shown and not edited has no editor, and nobody types in it.
    const edit = new WorkspaceEdit();
    for (const { range, text } of edits) edit.replace(document.uri, editorRange(document, range), text);
    return workspace.applyEdit(edit);
  }
  const editor = visible ?? (await showDocument(document, { preserveFocus: true, preview: false }));
  return editor.edit((builder) => {
    for (const { range, text } of edits) builder.replace(editorRange(document, range), text);
  });
}

/** A document that lies in a folder, where pictures can lie beside it; the author is asked to save a new one. */
async function savedDocument({ reviews }: Services, document: TextDocument): Promise<TextDocument> {
  if (isCell(document)) {
    throw new Refusal(l10n.t('Pictures cannot be put beside a cell of a notebook; use a Markdown file.'));
  }
  if (!document.isUntitled) return document;
  const save = l10n.t('Save As…');
  const answer = await window.showInformationMessage(
    l10n.t('The document has no folder yet in which its pictures could lie.'),
    { modal: true, detail: l10n.t('Save it, and the pictures are put beside it.') },
    save,
  );
  reviews.expectMove(document.uri);
  const uri = answer === save ? await workspace.saveAs(document.uri) : undefined;
  if (uri === undefined) throw new Refusal(l10n.t('Nothing was accepted: the document was not saved.'));
  await reviews.move(document.uri, uri);
  return workspace.openTextDocument(uri);
}
