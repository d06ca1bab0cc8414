import { type LogOutputChannel, type Memento, Uri, workspace } from 'vscode';
import { removeFile } from '../files.js';
import { encodeDestination, relativePath } from '../../core/pictures/names.js';
import type { PendingPictures } from '../pictures/pending-pictures.js';

const stateKey = 'oneflow.accepting';

interface Entry {
  readonly document: string;
  readonly file: string;
  /** Which pending picture it is a copy of. */
  readonly picture: string;
}

/**
 * Remembers, while an accept is going on, which pictures were written for an edit that has not been made yet. Should
 * the editor die between the two, the next start removes those that no document shows.
 */
export class AcceptJournal {
  constructor(
    private readonly state: Memento,
    private readonly pictures: PendingPictures,
    private readonly log: LogOutputChannel,
  ) {}

  /** Call it before the file is written. */
  async note(document: Uri, file: Uri, picture: string): Promise<void> {
    const entry = { document: document.toString(), file: file.toString(), picture };
    await this.#set([...this.#entries(), entry]);
  }

  /** The edit that shows the files was made, or they are gone again. */
  async settle(files: readonly Uri[]): Promise<void> {
    if (files.length === 0) return;
    const settled = new Set(files.map((file) => file.toString()));
    await this.#set(this.#entries().filter(({ file }) => !settled.has(file)));
  }

  /** Finishes what an editor that died has left. */
  async recover(): Promise<void> {
    const entries = this.#entries();
    for (const entry of entries) {
      const document = Uri.parse(entry.document);
      const file = Uri.parse(entry.file);
      const destination = encodeDestination(relativePath(Uri.joinPath(document, '..').path, file.path));
      if ((await readText(document)).includes(destination)) continue;
      if (!(await this.#isCopy(file, document, entry.picture))) continue;
      this.log.warn('A picture of an accept that was cut off is removed.');
      await removeFile(file);
    }
    if (entries.length > 0) await this.#set([]);
  }

  /** Never a file that somebody else has put there. */
  async #isCopy(file: Uri, document: Uri, picture: string): Promise<boolean> {
    try {
      const [written, pending] = await Promise.all([
        workspace.fs.readFile(file),
        this.pictures.get(document, picture),
      ]);
      return Buffer.compare(written, pending) === 0;
    } catch {
      return false;
    }
  }

  #entries(): readonly Entry[] {
    return this.state.get<readonly Entry[]>(stateKey, []);
  }

  async #set(entries: readonly Entry[]): Promise<void> {
    await this.state.update(stateKey, entries.length > 0 ? entries : undefined);
  }
}

async function readText(document: Uri): Promise<string> {
  const open = workspace.textDocuments.find(({ uri }) => uri.toString() === document.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await workspace.fs.readFile(document));
  } catch {
    return '';
  }
}
