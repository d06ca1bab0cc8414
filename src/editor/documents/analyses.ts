import {
  type CancellationToken,
  Disposable,
  EventEmitter,
  type TextDocument,
  type Uri,
  window,
  workspace,
} from 'vscode';
import type { Analysis } from '../../core/document-tasks.js';
import type { DocumentWorker } from './document-worker.js';

/** What is known of the marks of one document, and of which version of it. */
export interface DocumentAnalysis {
  readonly document: TextDocument;
  readonly version: number;
  readonly analysis: Analysis;
}

/** Milliseconds after the last key before a document is read again. */
const delay = 150;

/**
 * The marks of the Markdown documents that are looked at, read anew in the document thread when the author pauses. A
 * reading of an older version is never told.
 */
export class Analyses {
  readonly #changed = new EventEmitter<DocumentAnalysis>();
  readonly onDidChange = this.#changed.event;
  readonly #known = new Map<string, DocumentAnalysis>();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  /** The version of each document that is being read, or was read last. */
  readonly #readings = new Map<string, number>();
  readonly #disposables = [
    window.onDidChangeVisibleTextEditors((editors) => {
      // One that was hidden may have changed meanwhile: by a checkout, say.
      for (const { document } of editors)
        if (this.of(document.uri)?.version !== document.version) this.#schedule(document, 0);
    }),
    workspace.onDidOpenTextDocument((document) => {
      // The language of an open document was changed, or a visible one was reopened.
      if (isVisible(document)) this.#schedule(document, 0);
    }),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isVisible(document)) this.#schedule(document, delay);
    }),
    workspace.onDidCloseTextDocument(({ uri }) => {
      clearTimeout(this.#timers.get(uri.toString()));
      this.#timers.delete(uri.toString());
      this.#readings.delete(uri.toString());
      this.#known.delete(uri.toString());
    }),
  ];

  constructor(private readonly worker: DocumentWorker) {
    for (const { document } of window.visibleTextEditors) this.#schedule(document, 0);
  }

  /** The last reading of a document; it may be of a version before the last keys. */
  of(document: Uri): DocumentAnalysis | undefined {
    return this.#known.get(document.toString());
  }

  /** The reading of a document as it is now, as soon as there is one; undefined when `token` is cancelled before. */
  async ofNow(document: TextDocument, token: CancellationToken): Promise<DocumentAnalysis | undefined> {
    const known = this.of(document.uri);
    if (known?.version === document.version) return known;
    const key = document.uri.toString();
    if (!this.#timers.has(key) && this.#readings.get(key) !== document.version) this.#schedule(document, 0);
    return new Promise((resolve) => {
      const settle = (result: DocumentAnalysis | undefined): void => {
        waiting.dispose();
        resolve(result);
      };
      const waiting = Disposable.from(
        this.onDidChange((changed) => {
          if (changed.document === document) settle(changed);
        }),
        token.onCancellationRequested(() => {
          settle(undefined);
        }),
      );
    });
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
  }

  #schedule(document: TextDocument, after: number): void {
    if (document.languageId !== 'markdown') return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.#read(document);
      }, after),
    );
  }

  async #read(document: TextDocument): Promise<void> {
    const { version } = document;
    this.#readings.set(document.uri.toString(), version);
    try {
      const analysis = await this.worker.call('analyse', document.getText());
      if (document.isClosed || document.version !== version) return;
      const known = { document, version, analysis };
      this.#known.set(document.uri.toString(), known);
      this.#changed.fire(known);
    } catch {
      // The thread has ended and has said so in the log; the next change asks a fresh one.
    }
  }
}

function isVisible(document: TextDocument): boolean {
  return window.visibleTextEditors.some((editor) => editor.document === document);
}
