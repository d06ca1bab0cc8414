/** Picture files that OneFlow has written: its own for as long as nobody else changes them. */
import { createHash } from 'node:crypto';
import { Uri, workspace } from 'vscode';
import { namesFile } from '../../core/pictures/names.js';
import type { WrittenFile } from '../../protocol/review.js';
import { contentOf, removeFile } from '../files.js';

export function contentHash(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Whether the file is there as it was written. */
export async function isUnchanged({ uri, sha256 }: WrittenFile): Promise<boolean> {
  const content = await contentOf(Uri.parse(uri));
  return content !== undefined && contentHash(content) === sha256;
}

/**
 * Removes a file that is not needed any more, into the trash where there is one. One that somebody has changed, or that
 * `text`, the document's, names still, stays.
 * @returns whether it was removed
 */
export async function discard(file: WrittenFile, document: Uri, text: string): Promise<boolean> {
  const uri = Uri.parse(file.uri);
  const folder = Uri.joinPath(document, '..').path;
  if (namesFile(text, folder, uri.path) || !(await isUnchanged(file))) return false;
  await Promise.resolve(workspace.fs.delete(uri, { useTrash: true })).catch(() => removeFile(uri));
  return true;
}
