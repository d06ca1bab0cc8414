import { createHash } from 'node:crypto';
import { type ExtensionContext, Uri, workspace } from 'vscode';

/**
 * Pictures that were drawn and not accepted yet: in the extension's storage, so that they survive a reload of the
 * window and nothing is written into the workspace.
 */
export class PendingPictures {
  readonly #folder: Uri;

  constructor({ storageUri, globalStorageUri }: ExtensionContext) {
    this.#folder = Uri.joinPath(storageUri ?? globalStorageUri, 'pictures');
  }

  /** The folder that they lie in. */
  get folder(): Uri {
    return this.#folder;
  }

  uriOf(id: string): Uri {
    return Uri.joinPath(this.#folder, `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.png`);
  }

  async put(id: string, png: Uint8Array): Promise<void> {
    await workspace.fs.createDirectory(this.#folder);
    await workspace.fs.writeFile(this.uriOf(id), png);
  }

  /** @throws when it is not there */
  async get(id: string): Promise<Uint8Array> {
    return workspace.fs.readFile(this.uriOf(id));
  }

  /** Removes all but those of `ids`: what no hunk speaks of any more. */
  async keepOnly(ids: ReadonlySet<string>): Promise<void> {
    const kept = new Set([...ids].map((id) => this.uriOf(id).path));
    for (const [name] of await entriesOf(this.#folder)) {
      const file = Uri.joinPath(this.#folder, name);
      if (!kept.has(file.path)) await workspace.fs.delete(file).then(undefined, () => undefined);
    }
  }
}

async function entriesOf(folder: Uri): Promise<[name: string, type: unknown][]> {
  try {
    return await workspace.fs.readDirectory(folder);
  } catch {
    return []; // nothing was ever put there
  }
}
