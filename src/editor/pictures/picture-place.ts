import { l10n, type TextDocument, Uri, workspace } from 'vscode';
import { copyDestination, numberedPath } from '../../core/pictures/copy-destination.js';
import { encodeDestination, pictureSlug, relativePath } from '../../core/pictures/names.js';
import { Refusal } from '../failure.js';
import { exists } from '../files.js';
import { imageFolder } from '../settings.js';
import { liesIn } from './real-place.js';

/** Where a picture goes, and how the document names it. */
export interface PicturePlace {
  readonly uri: Uri;
  /** A Markdown destination, relative to the document. */
  readonly destination: string;
}

/** How many names are tried: a folder that has so many of one name is not looked through for ever. */
const mostNumbers = 1000;

/**
 * Chooses free places for pictures of a document, none twice: where `markdown.copyFiles.destination` says, else in the
 * folder of `oneflow.imageFolder` beside the document; named after the alt text, with a number when the name is taken.
 */
export class PicturePlaces {
  readonly #given = new Set<string>();
  readonly #now = new Date();
  readonly #folder: string;
  readonly #root: string;

  /** @throws Refusal for a document that can have no pictures beside it */
  constructor(private readonly document: TextDocument) {
    const { uri } = document;
    if (workspace.fs.isWritableFileSystem(uri.scheme) === false) {
      throw new Refusal(
        l10n.t('Pictures cannot be written beside this document: its file system is read-only.'),
      );
    }
    this.#folder = parent(uri.path);
    this.#root = workspace.getWorkspaceFolder(uri)?.uri.path ?? this.#folder;
  }

  async next(alt: string): Promise<PicturePlace> {
    const path = this.#pathOf(`${pictureSlug(alt)}.png`);
    for (let number = 1; number <= mostNumbers; number += 1) {
      // The whole path has the number: a rule of the setting need not use the file's own name.
      const uri = this.document.uri.with({ path: number === 1 ? path : numberedPath(path, number) });
      // Not by name alone: many file systems take `A.png` and `a.png` for one file.
      const key = uri.path.toLowerCase();
      if (this.#given.has(key) || (await exists(uri))) continue;
      await this.#refuseLinks(uri);
      this.#given.add(key);
      return { uri, destination: encodeDestination(relativePath(this.#folder, uri.path)) };
    }
    throw new Refusal(
      l10n.t('No free name was found for {0}; move some of the files with such names elsewhere.', path),
    );
  }

  async #refuseLinks(uri: Uri): Promise<void> {
    if (uri.scheme !== 'file' || (await liesIn(uri.with({ path: this.#root }).fsPath, uri.fsPath))) return;
    throw new Refusal(
      l10n.t('A link leads from {0} out of this workspace; pictures are not put there.', parent(uri.path)),
    );
  }

  #pathOf(fileName: string): string {
    const { uri } = this.document;
    const workspaceFolder = workspace.getWorkspaceFolder(uri)?.uri.path;
    const settings = workspace.getConfiguration('markdown', uri);
    const rules = settings.get<Record<string, unknown> | null>('copyFiles.destination') ?? {};
    const path =
      copyDestination(rules, {
        document: uri.path,
        workspaceFolder,
        fileName,
        unixTime: this.#now.getTime(),
        isoTime: this.#now.toISOString(),
      }) ?? Uri.joinPath(uri.with({ path: this.#folder }), imageFolder(uri), fileName).path;
    // A setting of the workspace must not lead out of it.
    if (path.startsWith(this.#root === '/' ? '/' : `${this.#root}/`)) return path;
    throw new Refusal(
      l10n.t(
        'The settings put new pictures at {0}, outside of this workspace; change markdown.copyFiles.destination or oneflow.imageFolder.',
        path,
      ),
    );
  }
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
