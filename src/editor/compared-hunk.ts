/** The documents that a suggestion is compared by: each is the author's own with one hunk accepted, and has no file. */
import { Uri } from 'vscode';
import type { HunkArgument } from './command-arguments.js';

export const comparedScheme = 'oneflow-hunk';

export function comparisonUri(document: Uri, hunk: string): Uri {
  const query = JSON.stringify([document.toString(), hunk]);
  return Uri.from({ scheme: comparedScheme, path: document.path, query });
}

/** The hunk that such a document is about; undefined for any other document. */
export function comparedHunk({ scheme, query }: Uri): HunkArgument | undefined {
  if (scheme !== comparedScheme) return undefined;
  const [uri, hunk] = JSON.parse(query) as [string, string];
  return { uri, hunk };
}
