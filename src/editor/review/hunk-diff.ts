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
import type { HunkArgument } from '../commands/arguments.js';
import { columnOf } from '../reveal.js';
import { proposedText } from './hunk-text.js';
import type { Reviews } from './reviews.js';

const scheme = 'oneflow-hunk';

/** The document as it is beside the document with the hunk accepted. */
export async function compareHunk(document: TextDocument, hunk: Hunk): Promise<void> {
  const query = JSON.stringify([document.uri.toString(), hunk.id]);
  const accepted = Uri.from({ scheme, path: document.uri.path, query });
  const name = document.uri.path.slice(document.uri.path.lastIndexOf('/') + 1);
  const title = l10n.t('{0} ↔ suggestion', name);
  await commands.executeCommand('vscode.diff', document.uri, accepted, title, {
    viewColumn: columnOf(document.uri),
  });
}

/** The hunk that such a document is about; undefined for any other document. */
export function comparedHunk({ scheme: of, query }: Uri): HunkArgument | undefined {
  if (of !== scheme) return undefined;
  const [uri, hunk] = JSON.parse(query) as [string, string];
  return { uri, hunk };
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
    workspace.registerTextDocumentContentProvider(scheme, {
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
