import { Disposable, Range, type TextDocument, TextEditorRevealType, window, workspace } from 'vscode';

/** Milliseconds in which the answer to a scroll by the page is not told back to it. */
const echoTime = 250;

/** Keeps the editors of a document and the page at the same place, as the settings of VS Code's own preview say. */
export class ScrollFollow {
  readonly #document: TextDocument;
  readonly #subscription: Disposable;
  #quietUntil = 0;

  constructor(document: TextDocument, reveal: (offset: number) => void) {
    this.#document = document;
    this.#subscription = window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
      if (textEditor.document !== document || performance.now() < this.#quietUntil) return;
      if (setting('scrollPreviewWithEditor')) reveal(topOf(textEditor.document, textEditor.visibleRanges));
    });
  }

  /** What the first editor of the document shows at its top. */
  get top(): number | undefined {
    const editor = window.visibleTextEditors.find(({ document }) => document === this.#document);
    return editor && topOf(editor.document, editor.visibleRanges);
  }

  /** The page has been scrolled to an offset: the editors follow. */
  scrolled(offset: number): void {
    if (!setting('scrollEditorWithPreview')) return;
    this.#quietUntil = performance.now() + echoTime;
    const position = this.#document.positionAt(offset);
    for (const editor of window.visibleTextEditors) {
      if (editor.document !== this.#document) continue;
      editor.revealRange(new Range(position, position), TextEditorRevealType.AtTop);
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}

function topOf(document: TextDocument, ranges: readonly Range[]): number {
  const [first] = ranges;
  return first ? document.offsetAt(first.start) : 0;
}

function setting(name: 'scrollPreviewWithEditor' | 'scrollEditorWithPreview'): boolean {
  return workspace.getConfiguration('markdown.preview').get(name, true);
}
