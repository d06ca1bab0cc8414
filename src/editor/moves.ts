import type { Uri } from 'vscode';

/** A document, or a folder of documents, goes on under another name. */
export interface Move {
  readonly from: Uri;
  readonly to: Uri;
}

/** The new name of `document`; undefined when the move does not concern it. */
export function movedUri(document: Uri, { from, to }: Move): Uri | undefined {
  const isWithin =
    document.scheme === from.scheme &&
    document.authority === from.authority &&
    (document.path === from.path || document.path.startsWith(`${from.path}/`));
  return isWithin ? to.with({ path: to.path + document.path.slice(from.path.length) }) : undefined;
}
