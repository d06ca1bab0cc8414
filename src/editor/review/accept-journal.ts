import { type ExtensionContext, type LogOutputChannel, Uri, workspace } from 'vscode';
import { namesIn, removeFile, storageName } from '../files.js';
import { discard } from '../pictures/written-file.js';

/** A picture that is being written for an edit that has not been made yet. */
export interface WrittenPicture {
  readonly document: Uri;
  readonly file: Uri;
  /** What is written before it takes the place of `file`. */
  readonly temporary: Uri;
  /** Of its content. */
  readonly sha256: string;
}

/**
 * Remembers, while an accept is going on, which pictures were written for an edit that has not been made yet. Should
 * the editor die between the two, the next start removes those that no document shows. A file for each, and not a
 * state of VS Code's, which reaches the disk some time later: by then the picture is there.
 */
export class AcceptJournal {
  readonly #folder: Uri;
  /** Those of accepts that are going on in this process. */
  readonly #own = new Set<string>();

  constructor(
    { storageUri, globalStorageUri }: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {
    this.#folder = Uri.joinPath(storageUri ?? globalStorageUri, 'accepting');
  }

  /** Call it before the file is written. */
  async note(written: WrittenPicture): Promise<void> {
    const note = this.#noteOf(written.file);
    this.#own.add(note.toString());
    await workspace.fs.createDirectory(this.#folder);
    await workspace.fs.writeFile(note, new TextEncoder().encode(JSON.stringify(written)));
  }

  /** The edit that shows the files was made, or they are gone again. */
  async settle(files: readonly Uri[]): Promise<void> {
    for (const file of files) {
      const note = this.#noteOf(file);
      await removeFile(note);
      this.#own.delete(note.toString());
    }
  }

  /** Finishes what an editor that died has left. */
  async recover(): Promise<void> {
    for (const name of await namesIn(this.#folder)) {
      const note = Uri.joinPath(this.#folder, name);
      if (this.#own.has(note.toString())) continue;
      try {
        await this.#finish(await read(note));
      } catch (error) {
        // It was cut off itself: then there is no picture yet.
        this.log.warn(`A note of an accept that was cut off cannot be read: ${String(error)}`);
      }
      await removeFile(note);
    }
  }

  async #finish({ document, file, temporary, sha256 }: WrittenPicture): Promise<void> {
    await removeFile(temporary);
    const written = { uri: file.toString(), sha256 };
    if (await discard(written, document, await textOf(document)))
      this.log.warn('A picture of an accept that was cut off is removed.');
  }

  #noteOf(file: Uri): Uri {
    return Uri.joinPath(this.#folder, `${storageName(file.toString())}.json`);
  }
}

async function read(note: Uri): Promise<WrittenPicture> {
  const bytes = await workspace.fs.readFile(note);
  const { document, file, temporary, sha256 } = JSON.parse(new TextDecoder().decode(bytes)) as WrittenPicture;
  return { document: Uri.from(document), file: Uri.from(file), temporary: Uri.from(temporary), sha256 };
}

/** As the editor has it, unsaved changes that VS Code has kept included. */
async function textOf(document: Uri): Promise<string> {
  try {
    return (await workspace.openTextDocument(document)).getText();
  } catch {
    return ''; // it is gone
  }
}
