import { EventEmitter, type TextDocument, window, workspace } from 'vscode';
import { activeMarkdown, visibleMarkdown } from './active-document.js';

/**
 * The Markdown document that the author works on: what is listed, offered and said beside the text is about this one.
 * A preview, or a picture that is looked at, takes the focus from the text and not the work.
 */
export class WorkedOn {
  readonly #changed = new EventEmitter<void>();
  /** It is another, or none. */
  readonly onDidChange = this.#changed.event;
  #last: TextDocument | undefined;
  /** `document` as it was told last. */
  #told: TextDocument | undefined;
  readonly #disposables = [
    window.onDidChangeActiveTextEditor(() => {
      this.#update();
    }),
    // Told when the language of a document changes, too; only the first of them knows the new one.
    workspace.onDidOpenTextDocument(() => {
      this.#update();
    }),
    workspace.onDidCloseTextDocument(() => {
      this.#update();
    }),
  ];

  constructor() {
    this.#last = visibleMarkdown();
    this.#update();
  }

  /** The one that has the focus, or had it last. */
  get last(): TextDocument | undefined {
    return this.#last;
  }

  /** What commands are about: none while the focus is in a text that is no Markdown. */
  get document(): TextDocument | undefined {
    return window.activeTextEditor ? activeMarkdown() : this.#last;
  }

  /** The preview shows this one. */
  show(document: TextDocument): void {
    this.#last = document;
    this.#update();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
  }

  #update(): void {
    const former = this.#last;
    const last = activeMarkdown() ?? former;
    const isThere = last?.isClosed === false && last.languageId === 'markdown';
    this.#last = isThere ? last : undefined;
    const { document } = this;
    if (this.#last === former && document === this.#told) return;
    this.#told = document;
    this.#changed.fire();
  }
}
