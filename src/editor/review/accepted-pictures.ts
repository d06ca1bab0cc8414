import { type TextDocument, Uri } from 'vscode';
import { withFiles } from '../../core/review/index.js';
import type { Hunk, WrittenFile } from '../../protocol/review.js';
import { removeFile } from '../files.js';
import { loadPicturePlaces } from '../lazy.js';
import { pictureFile } from '../pictures/picture-file.js';
import type { PicturePlaces } from '../pictures/picture-place.js';
import { temporaryBeside, writePicture } from '../pictures/write-picture.js';
import { contentHash, discard, isUnchanged } from '../pictures/written-file.js';
import type { Services } from '../services.js';

/** The files of the pictures of one accept, from before its edit until it is made or given up. */
export class AcceptedPictures {
  /** By picture id. */
  readonly destinations = new Map<string, string>();
  /** By hunk id: what the document shows of it when the edit is made. */
  readonly #files = new Map<string, readonly WrittenFile[]>();
  readonly #noted: Uri[] = [];
  readonly #written: Uri[] = [];
  #places: PicturePlaces | undefined;

  constructor(
    private readonly services: Services,
    private readonly document: TextDocument,
  ) {}

  /** Sees to it that the pictures of a hunk have files. */
  async place(hunk: Hunk): Promise<void> {
    const files: WrittenFile[] = [];
    for (const { id, alt } of hunk.pictures) {
      const png = await this.services.pictures.get(this.document.uri, id);
      files.push((await this.#formerFile(hunk, id, png)) ?? (await this.#newFile(id, alt, png)));
    }
    if (files.length > 0) this.#files.set(hunk.id, files);
  }

  /** The edit was not made: what was written for it goes. */
  async withdraw(): Promise<void> {
    for (const file of this.#written) await removeFile(file);
  }

  /** The edit was made, or withdrawn. */
  async settle(): Promise<void> {
    await this.services.accepts.settle(this.#noted);
  }

  /** The edit was made: `hunks` have these files now, and those go that former accepts wrote for other pictures. */
  async keep(hunks: readonly Hunk[]): Promise<void> {
    const { uri } = this.document;
    if (this.#files.size > 0) this.services.reviews.update(uri, (review) => withFiles(review, this.#files));
    const text = this.document.getText();
    for (const { id, files = [] } of hunks) {
      const shown = new Set(this.#files.get(id)?.map((file) => file.uri));
      for (const file of files) if (!shown.has(file.uri)) await discard(file, uri, text);
    }
  }

  /**
   * The file of an accept that was undone, if the picture in it is this one: that of another step has the same id, and
   * the author may have put something else there.
   */
  async #formerFile(
    { written, files }: Hunk,
    picture: string,
    png: Uint8Array,
  ): Promise<WrittenFile | undefined> {
    const destination = written?.destinations[picture];
    if (destination === undefined) return undefined;
    // Of a document that has been moved since it names another file.
    const uri = pictureFile(this.document.uri, destination)?.toString();
    const sha256 = contentHash(png);
    const file = files?.find((other) => other.uri === uri && other.sha256 === sha256);
    if (file === undefined || !(await isUnchanged(file))) return undefined;
    this.destinations.set(picture, destination);
    return file;
  }

  async #newFile(picture: string, alt: string, png: Uint8Array): Promise<WrittenFile> {
    this.#places ??= new (await loadPicturePlaces())(this.document);
    const { uri, destination } = await this.#places.next(alt);
    const temporary = temporaryBeside(uri);
    const sha256 = contentHash(png);
    this.#noted.push(uri);
    await this.services.accepts.note({ document: this.document.uri, file: uri, temporary, sha256 });
    await writePicture(uri, temporary, png);
    this.#written.push(uri);
    this.destinations.set(picture, destination);
    return { uri: uri.toString(), sha256 };
  }
}
