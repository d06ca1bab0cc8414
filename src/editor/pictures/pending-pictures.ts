import { type ExtensionContext, l10n, Uri, workspace } from 'vscode';
import { Refusal } from '../failure.js';
import { contentOf, ignoreFailure, storageName } from '../files.js';

/**
 * Pictures that were drawn and not accepted yet: in the extension's storage, so that they survive a reload of the
 * window and nothing is written into the workspace.
 */
export class PendingPictures {
  /** The folder that they lie in. */
  readonly folder: Uri;
  /** A review is at its new name before its pictures are. */
  #moved: Promise<void> = Promise.resolve();

  constructor({ storageUri, globalStorageUri }: ExtensionContext) {
    this.folder = Uri.joinPath(storageUri ?? globalStorageUri, 'pictures');
  }

  /** Where the picture `id` of a document's review is. */
  uriOf(document: Uri, id: string): Uri {
    return Uri.joinPath(this.#folderOf(document), `${storageName(id)}.png`);
  }

  async put(document: Uri, id: string, png: Uint8Array): Promise<void> {
    await workspace.fs.createDirectory(this.#folderOf(document));
    await workspace.fs.writeFile(this.uriOf(document, id), png);
  }

  /** @throws Refusal when it is not there: storage may have been emptied, or have come without it from elsewhere */
  async get(document: Uri, id: string): Promise<Uint8Array> {
    await this.#moved;
    const png = await contentOf(this.uriOf(document, id));
    if (png !== undefined) return png;
    throw new Refusal(
      l10n.t('The picture of this suggestion is not there any more; have it drawn again, or reject it.'),
    );
  }

  /** The document goes on under another name. */
  move(from: Uri, to: Uri): Promise<void> {
    this.#moved = this.#moved.then(() =>
      ignoreFailure(workspace.fs.rename(this.#folderOf(from), this.#folderOf(to), { overwrite: true })),
    );
    return this.#moved;
  }

  /** Nothing of the document is under review any more. */
  async forget(document: Uri): Promise<void> {
    await this.#moved;
    await ignoreFailure(workspace.fs.delete(this.#folderOf(document), { recursive: true }));
  }

  #folderOf(document: Uri): Uri {
    return Uri.joinPath(this.folder, storageName(document.toString()));
  }
}
