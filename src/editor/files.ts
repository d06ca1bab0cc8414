import { createHash } from 'node:crypto';
import { FileType, type Uri, workspace } from 'vscode';

/** Removes a file; one that is not there, or cannot be removed, is nobody's business any more. */
export async function removeFile(file: Uri): Promise<void> {
  await ignoreFailure(workspace.fs.delete(file));
}

export async function exists(file: Uri): Promise<boolean> {
  try {
    await workspace.fs.stat(file);
    return true;
  } catch {
    return false;
  }
}

export async function isFolder(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.Directory) !== 0;
  } catch {
    return false;
  }
}

/** What lies in a folder; nothing, when there is none. */
export async function namesIn(folder: Uri): Promise<readonly string[]> {
  try {
    return (await workspace.fs.readDirectory(folder)).map(([name]) => name);
  } catch {
    return [];
  }
}

/** Undefined when it is not there, or cannot be read. */
export async function contentOf(file: Uri): Promise<Uint8Array | undefined> {
  try {
    return await workspace.fs.readFile(file);
  } catch {
    return undefined;
  }
}

export async function ignoreFailure(work: Thenable<void>): Promise<void> {
  await work.then(undefined, () => undefined);
}

/** A file name in the extension's storage for what is known by any text: a document's address, say. */
export function storageName(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
