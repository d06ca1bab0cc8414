import {
  commands,
  Disposable,
  EventEmitter,
  l10n,
  type TextDocument,
  TabInputTextDiff,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Hunk } from '../../protocol/review.js';
import { comparedHunk, comparedScheme, comparisonUri } from '../compared-hunk.js';
import { columnOf } from '../reveal.js';
import { proposedText } from './hunk-text.js';
import type { Reviews } from './reviews.js';

/** The document as it is beside the document with the hunk accepted. */
export async function compareHunk(document: TextDocument, hunk: Hunk): Promise<void> {
  const accepted = comparisonUri(document.uri, hunk.id);
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const title = l10n.t('{0} ↔ suggestion', name);
  await commands.executeCommand('vscode.diff', document.uri, accepted, title, {
    viewColumn: columnOf(document.uri),
  });
}

/** Gives those documents, and gives them anew when the review has changed; a hunk that is decided is compared no more. */
export function provideHunkDocuments(reviews: Reviews): Disposable {
  const changed = new EventEmitter<Uri>();
  const open = new Map<string, Uri>();
  return Disposable.from(
    changed,
    reviews.onDidChange((document) => {
      for (const uri of open.values()) {
        const compared = comparedHunk(uri)!;
        if (compared.uri !== document.toString()) continue;
        if (reviews.openHunksOf(document).some(({ id }) => id === compared.hunk)) changed.fire(uri);
        else void closeComparison(uri);
      }
    }),
    workspace.onDidCloseTextDocument(({ uri }) => open.delete(uri.toString())),
    workspace.registerTextDocumentContentProvider(comparedScheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => {
        open.set(uri.toString(), uri);
        const compared = comparedHunk(uri)!;
        const review = reviews.of(Uri.parse(compared.uri));
        const hunk = review?.hunks.find(({ id }) => id === compared.hunk);
        if (review === undefined || hunk === undefined) return '';
        const { start, end } = hunk.place;
        return review.text.slice(0, start) + proposedText(hunk) + review.text.slice(end);
      },
    }),
  );
}

async function closeComparison(uri: Uri): Promise<void> {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  await window.tabGroups.close(
    tabs.filter(
      ({ input }) => input instanceof TabInputTextDiff && input.modified.toString() === uri.toString(),
    ),
  );
}
