import { commands, Disposable, EventEmitter, l10n, type TextDocument, Uri, workspace } from 'vscode';
import type { Hunk } from '../../protocol/review.js';
import { proposedText } from './hunk-text.js';
import type { Reviews } from './reviews.js';

const scheme = 'oneflow-hunk';

/** The document as it is beside the document with the hunk accepted. */
export async function compareHunk(document: TextDocument, hunk: Hunk): Promise<void> {
  const query = JSON.stringify([document.uri.toString(), hunk.id]);
  const accepted = Uri.from({ scheme, path: document.uri.path, query });
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  await commands.executeCommand('vscode.diff', document.uri, accepted, l10n.t('{0} ↔ suggestion', name));
}

/** Gives those documents, and gives them anew when the review has changed. */
export function provideHunkDocuments(reviews: Reviews): Disposable {
  const changed = new EventEmitter<Uri>();
  const open = new Map<string, { readonly uri: Uri; readonly document: string }>();
  return Disposable.from(
    changed,
    reviews.onDidChange((document) => {
      for (const { uri, document: about } of open.values())
        if (about === document.toString()) changed.fire(uri);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => open.delete(uri.toString())),
    workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => {
        const [document, id] = JSON.parse(uri.query) as [string, string];
        open.set(uri.toString(), { uri, document });
        const review = reviews.of(Uri.parse(document));
        const hunk = review?.hunks.find((other) => other.id === id);
        if (review === undefined || hunk === undefined) return '';
        const { start, end } = hunk.place;
        return review.text.slice(0, start) + proposedText(hunk) + review.text.slice(end);
      },
    }),
  );
}
