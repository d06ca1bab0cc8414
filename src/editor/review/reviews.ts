import { EventEmitter, type TextDocument, type TextDocumentChangeEvent, Uri, workspace } from 'vscode';
import {
  type Anchor,
  beginRun,
  emptyReview,
  endRun,
  inOrder,
  isOpen,
  moveFiles,
  type Proposal,
  propose,
  rebase,
  rejectHunks,
  type Review,
} from '../../core/review/index.js';
import type { Hunk, Provenance } from '../../protocol/review.js';
import { type Move, movedUri } from '../moves.js';
import { awaitsRun, type Entry, haveSameWords, isEmpty, kept, rebaseEntry } from './review-entry.js';
import type { ReviewStore } from './review-store.js';

/** What a run made of a place, beside what others made of it. */
export type Variant = Pick<Hunk, 'run' | 'after' | 'pictures' | 'provenance'>;

/**
 * The review of every document that is open: one owner, one truth. Hunks follow every edit of the text; what changes
 * is told by `onDidChange` and kept by the store.
 */
export class Reviews {
  readonly #changed = new EventEmitter<Uri>();
  readonly #moved = new EventEmitter<Move>();
  /** Hunks have come, gone or changed; that they have only moved with the text is not told. */
  readonly onDidChange = this.#changed.event;
  /** Reviews are found under another name from now on; their pictures follow, as `moves` tells. */
  readonly onDidMove = this.#moved.event;
  readonly #entries = new Map<string, Entry>();
  readonly #variants = new Map<string, readonly Variant[]>();
  /** Documents that get another name: those of the old one are closed before it is told. */
  readonly #moving = new Map<string, Entry>();
  #moves: Promise<void> = Promise.resolve();
  /** The one that was saved last. */
  #saved: TextDocument | undefined;
  readonly #disposables = [
    workspace.onDidChangeTextDocument((event) => {
      this.#follow(event);
    }),
    workspace.onDidCloseTextDocument((document) => {
      this.#leave(document);
    }),
    workspace.onDidSaveTextDocument((document) => {
      this.#saved = document;
    }),
    workspace.onDidOpenTextDocument((document) => void this.restore(document)),
    workspace.onWillRenameFiles(({ files }) => {
      for (const { oldUri } of files) this.expectMove(oldUri);
    }),
    workspace.onDidRenameFiles(({ files }) => {
      for (const { oldUri, newUri } of files) void this.move(oldUri, newUri);
    }),
  ];

  constructor(private readonly store: ReviewStore) {
    for (const document of workspace.textDocuments) void this.restore(document);
  }

  /** Resolves when the pictures of all that has got another name are there; another promise after each move. */
  get moves(): Promise<void> {
    return this.#moves;
  }

  /** The review of a document; undefined when there is nothing in it. */
  of(document: Uri): Review | undefined {
    const review = this.#entries.get(key(document))?.review;
    return review !== undefined && review.hunks.length > 0 ? review : undefined;
  }

  /** The hunks of a document, by place. */
  hunksOf(document: Uri): readonly Hunk[] {
    return this.of(document)?.hunks ?? [];
  }

  /** Those that are to be decided. */
  openHunksOf(document: Uri): readonly Hunk[] {
    return this.hunksOf(document).filter(isOpen);
  }

  /** What runs have made of the place of a hunk; the one that is shown is among them. */
  variantsOf(hunk: Hunk): readonly Variant[] {
    return this.#variants.get(hunk.id) ?? [hunk];
  }

  /** Hunks for a run that begins, at their places in `snapshot`: the text that the run was planned on. */
  begin(
    document: TextDocument,
    run: string,
    anchors: readonly Anchor[],
    provenance: Provenance,
    snapshot: string,
  ): void {
    const entry = this.#entry(document);
    const { review } = entry;
    const begun = beginRun(review, run, anchors, provenance, snapshot);
    const kept = new Set(begun.hunks.map(({ id }) => id));
    const shelved = review.hunks.filter((hunk) => isOpen(hunk) && !kept.has(hunk.id));
    entry.review = begun;
    entry.shelved = { ...review, hunks: shelved };
    this.#fire(document.uri);
  }

  /** What a run proposes when it ends; nothing, when it failed: then the suggestions that it was to replace come back. */
  end(
    document: Uri,
    run: string,
    proposals: readonly Proposal[],
    made: Partial<Provenance> = {},
  ): readonly Hunk[] {
    const entry = this.#entries.get(key(document));
    if (entry === undefined) return [];
    const ended = endRun(entry.review, run, proposals, made);
    const hunks = ended.hunks.filter((hunk) => hunk.run === run);
    const replaced = new Set<string>();
    for (const hunk of hunks) {
      const former = entry.shelved.hunks.find(
        ({ place, before }) => before === hunk.before && place.start === hunk.place.start,
      );
      if (former === undefined) continue;
      replaced.add(former.id);
      this.#variants.set(hunk.id, [...this.variantsOf(former), hunk].slice(-8));
      this.#variants.delete(former.id);
    }
    const back = entry.shelved.hunks.filter(
      ({ id, place }) =>
        !replaced.has(id) &&
        !hunks.some((hunk) => hunk.place.start < place.end && place.start < hunk.place.end),
    );
    // In its place: it may be about to get another name.
    entry.review = { ...ended, hunks: inOrder([...ended.hunks, ...back]) };
    entry.shelved = emptyReview(ended.text);
    this.#fire(document);
    if (!isOpenMarkdown(document)) {
      this.#entries.delete(key(document));
      this.#changed.fire(document);
    }
    return hunks;
  }

  /** Other results for the hunks of `run` that are not accepted: those of another pass. */
  propose(document: Uri, run: string, proposals: readonly Proposal[]): void {
    this.update(document, (review) => propose(review, run, proposals));
  }

  /** Shows another of the variants of a hunk. */
  choose(document: Uri, hunk: Hunk, index: number): void {
    const variants = this.variantsOf(hunk);
    const variant = variants[index];
    if (variant === undefined) return;
    this.#variants.set(hunk.id, variants);
    const { after, pictures, provenance } = variant;
    this.update(document, (review) => ({
      ...review,
      hunks: review.hunks.map((other) =>
        other.id === hunk.id && other.state !== 'accepted' && after !== undefined
          ? { ...other, after, pictures, provenance }
          : other,
      ),
    }));
  }

  reject(document: Uri, ids: readonly string[]): void {
    for (const id of ids) this.#variants.delete(id);
    this.update(document, (review) => rejectHunks(review, ids));
  }

  update(document: Uri, change: (review: Review) => Review): void {
    const entry = this.#entries.get(key(document));
    if (entry === undefined) return;
    const review = change(entry.review);
    if (review === entry.review) return;
    entry.review = review;
    this.#fire(document);
  }

  /** A document, or a folder of documents, is about to get another name; `move` tells which. */
  expectMove(from: Uri): void {
    for (const [document, entry] of this.#entries) {
      if (movedUri(Uri.parse(document), { from, to: from })) this.#moving.set(document, entry);
    }
  }

  /** What `expectMove` was told of goes on under another name; resolves when its pictures are there too. */
  move(from: Uri, to: Uri): Promise<void> {
    const moved = [...this.#moving].flatMap(([document, entry]) => {
      const former = Uri.parse(document);
      const uri = movedUri(former, { from, to });
      if (uri === undefined) return [];
      this.#moving.delete(document);
      this.#entries.delete(document);
      this.#entries.set(key(uri), entry);
      entry.review = moveFiles(entry.review, from.toString(), to.toString());
      entry.shelved = moveFiles(entry.shelved, from.toString(), to.toString());
      const text = workspace.textDocuments.find((other) => key(other.uri) === key(uri))?.getText();
      if (text !== undefined) rebaseEntry(entry, text);
      return { former, uri };
    });
    this.#moved.fire({ from, to });
    const pictures = moved.map(({ former, uri }) => this.store.movePictures(former, uri));
    // At once: a document may be closed again before the pictures are there.
    for (const { former, uri } of moved) {
      this.#save(former);
      this.#save(uri);
    }
    // Those of documents that are not open are in the store alone.
    const others = this.store.move({ from, to });
    this.#moves = Promise.all([this.#moves, others, ...pictures]).then(() => {
      for (const { former, uri } of moved) {
        this.#changed.fire(former);
        this.#changed.fire(uri);
      }
      for (const document of workspace.textDocuments) {
        if (movedUri(document.uri, { from: to, to })) void this.restore(document);
      }
    });
    return this.#moves;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
    this.#moved.dispose();
  }

  #entry(document: TextDocument): Entry {
    const known = this.#entries.get(key(document.uri));
    if (known !== undefined) return known;
    const nothing = emptyReview(document.getText());
    const entry = { review: nothing, shelved: nothing };
    this.#entries.set(key(document.uri), entry);
    return entry;
  }

  #follow({ document, contentChanges, reason }: TextDocumentChangeEvent): void {
    const entry = this.#entries.get(key(document.uri));
    if (entry === undefined || isEmpty(entry)) {
      // Nothing to follow; the text is asked for when there is.
      this.#entries.delete(key(document.uri));
      return;
    }
    const text = document.getText();
    if (text === '' && this.#goesOnAsFile(document, entry)) return;
    const changes = contentChanges.map(({ rangeOffset, rangeLength, text: inserted }) => ({
      rangeOffset,
      rangeLength,
      text: inserted,
    }));
    const isUndoOrRedo = reason !== undefined;
    entry.shelved = rebase(entry.shelved, changes, text, isUndoOrRedo);
    const { hunks } = entry.review;
    entry.review = rebase(entry.review, changes, text, isUndoOrRedo);
    if (haveOnlyMoved(hunks, entry.review.hunks)) this.#save(document.uri);
    else this.#fire(document.uri);
  }

  #leave(document: TextDocument): void {
    const entry = this.#entries.get(key(document.uri));
    if (entry === undefined) return;
    // A change of its language is told as a close, too.
    if (document.isUntitled && document.isClosed) {
      if (this.#goesOnAsFile(document, entry)) return;
      // Discarded: the next one of that name is another.
      this.#entries.delete(key(document.uri));
      this.#fire(document.uri);
      return;
    }
    // What a run makes of a document that is closed meanwhile is there when it is opened again.
    if (awaitsRun(entry)) return;
    this.#entries.delete(key(document.uri));
    // It stays in the store.
    this.#changed.fire(document.uri);
  }

  /**
   * Of an untitled document that is saved VS Code tells nothing but that a file with its text is saved, and that the
   * document is emptied and closed. Moves the review to that file if there is one; tells whether there is.
   */
  #goesOnAsFile({ isUntitled, uri }: TextDocument, { review }: Entry): boolean {
    const file = this.#saved;
    if (!isUntitled || file === undefined || !haveSameWords(file.getText(), review.text)) return false;
    this.#saved = undefined;
    this.expectMove(uri);
    void this.move(uri, file.uri);
    return true;
  }

  /** What was kept of a document that is opened; resolves when it is under review. */
  async restore(document: TextDocument): Promise<void> {
    if (document.languageId !== 'markdown') return;
    const known = this.#entries.get(key(document.uri));
    if (known !== undefined) {
      this.#catchUp(known, document);
      return;
    }
    const review = await this.store.load(document);
    // A run may have begun meanwhile.
    if (review === undefined || document.isClosed || this.#entries.has(key(document.uri))) return;
    this.#entries.set(key(document.uri), { review, shelved: emptyReview(review.text) });
    this.#fire(document.uri);
  }

  /** A review that was kept for its run follows what has become of the file since it was closed. */
  #catchUp(entry: Entry, document: TextDocument): void {
    const text = document.getText();
    if (entry.review.text === text) return;
    rebaseEntry(entry, text);
    this.#fire(document.uri);
  }

  #fire(document: Uri): void {
    this.#save(document);
    this.#changed.fire(document);
  }

  /** Keeps what a reload has to bring back; nothing when there is nothing. */
  #save(document: Uri): void {
    const entry = this.#entries.get(key(document));
    this.store.save(document, entry === undefined || isEmpty(entry) ? undefined : kept(entry));
  }
}

function isOpenMarkdown(document: Uri): boolean {
  return workspace.textDocuments.some(
    ({ uri, languageId }) => key(uri) === key(document) && languageId === 'markdown',
  );
}

function haveOnlyMoved(before: readonly Hunk[], after: readonly Hunk[]): boolean {
  return (
    before.length === after.length &&
    after.every(({ id, state }, index) => before[index]!.id === id && before[index]!.state === state)
  );
}

function key(document: Uri): string {
  return document.toString();
}
