import {
  type ExtensionContext,
  l10n,
  type LogOutputChannel,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';
import { contentOf, exists, isFolder, namesIn, removeFile, storageName } from '../files.js';
import { moveFiles, type Review } from '../../core/review/index.js';
import { loadReviewStorage } from '../lazy.js';
import { type Move, movedUri } from '../moves.js';
import type { PendingPictures } from '../pictures/pending-pictures.js';

/** Milliseconds after the last change: typing must not write a file with every key. */
const delay = 300;

/** Keeps reviews in the extension's storage, so that they survive a reload of the window. */
export class ReviewStore {
  readonly #folder: Uri;
  /** What is still to be written. */
  readonly #unsaved = new Map<string, Review | undefined>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasToldOfDrop = false;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    { storageUri, globalStorageUri }: ExtensionContext,
    private readonly pictures: PendingPictures,
    private readonly log: LogOutputChannel,
  ) {
    this.#folder = Uri.joinPath(storageUri ?? globalStorageUri, 'reviews');
  }

  /** Keeps `review`; undefined when there is nothing to decide any more. */
  save(document: Uri, review: Review | undefined): void {
    this.#unsaved.set(document.toString(), review);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), delay);
  }

  /** The pictures of a document's review go with it to another name. */
  movePictures(from: Uri, to: Uri): Promise<void> {
    return this.pictures.move(from, to);
  }

  /** What is kept of a document, or of those in a folder, goes on under another name. */
  move(move: Move): Promise<void> {
    void this.flush();
    this.#writing = this.#writing.then(async () => {
      for (const document of await this.#documentsOf(move)) await this.#move(document, move);
    });
    return this.#writing;
  }

  /** The review that was kept of a document, at the places of its text as it is now; one that cannot be read is dropped. */
  async load(document: TextDocument): Promise<Review | undefined> {
    // A document may be opened again before what was said of it is written.
    await this.flush();
    const bytes = await contentOf(this.#fileOf(document.uri.toString()));
    if (bytes === undefined) return undefined;
    const { restoreReview } = await loadReviewStorage();
    const review = restoreReview(parsed(bytes), document.getText());
    if (review === undefined) this.#drop(document.uri);
    return review;
  }

  /** Writes what is unsaved, and resolves when it is written. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    const unsaved = [...this.#unsaved];
    this.#unsaved.clear();
    this.#writing = this.#writing.then(async () => {
      for (const [document, review] of unsaved) await this.#write(document, review);
    });
    return this.#writing;
  }

  /** Those that a move may be about. */
  async #documentsOf(move: Move): Promise<readonly Uri[]> {
    if (!(await isFolder(move.to))) return [move.from];
    const documents: Uri[] = [];
    for (const name of await namesIn(this.#folder)) {
      const bytes = await contentOf(Uri.joinPath(this.#folder, name));
      const document = bytes && addressIn(parsed(bytes));
      if (document && movedUri(document, move)) documents.push(document);
    }
    return documents;
  }

  async #move(document: Uri, move: Move): Promise<void> {
    const to = movedUri(document, move);
    const file = this.#fileOf(document.toString());
    const bytes = await contentOf(file);
    if (to === undefined || bytes === undefined) return;
    const { keptReview } = await loadReviewStorage();
    const review = keptReview(parsed(bytes));
    // One that cannot be read is dropped when somebody asks for it.
    if (review === undefined) return;
    await this.pictures.move(document, to);
    await this.#write(to.toString(), moveFiles(review, move.from.toString(), move.to.toString()));
    // Storage may be full.
    if (await exists(this.#fileOf(to.toString()))) await removeFile(file);
  }

  async #write(document: string, review: Review | undefined): Promise<void> {
    if (review === undefined) await this.pictures.forget(Uri.parse(document));
    const file = this.#fileOf(document);
    const kept = review && (await loadReviewStorage()).saveReview(review);
    try {
      if (kept === undefined || kept.hunks.length === 0) {
        await removeFile(file);
        return;
      }
      await workspace.fs.createDirectory(this.#folder);
      const temporary = file.with({ path: `${file.path}.tmp` });
      await workspace.fs.writeFile(
        temporary,
        new TextEncoder().encode(JSON.stringify({ ...kept, document })),
      );
      await workspace.fs.rename(temporary, file, { overwrite: true });
    } catch (error) {
      this.log.error(`The review of ${document} could not be kept: ${String(error)}`);
    }
  }

  /** Says so once, however many documents were reviewed with another version. */
  #drop(document: Uri): void {
    this.log.warn(`The review that was kept of ${document.toString()} cannot be read; it is dropped.`);
    // A run may have begun meanwhile.
    if (!this.#unsaved.has(document.toString())) this.save(document, undefined);
    if (this.#hasToldOfDrop) return;
    this.#hasToldOfDrop = true;
    void window.showWarningMessage(
      l10n.t(
        'Suggestions that were still to be reviewed are dropped: another version of OneFlow has kept them, or their file is damaged.',
      ),
    );
  }

  #fileOf(document: string): Uri {
    return Uri.joinPath(this.#folder, `${storageName(document)}.json`);
  }
}

/** Undefined when it is no JSON. */
function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/** The document whose review it is; a file of a former version does not say. */
function addressIn(json: unknown): Uri | undefined {
  const document = typeof json === 'object' && json !== null && 'document' in json && json.document;
  return typeof document === 'string' ? Uri.parse(document) : undefined;
}
