import { Disposable, l10n, type TextDocument, Uri, type Webview, workspace } from 'vscode';
import type { PreviewContent } from '../../core/document-tasks.js';
import { withSize } from '../../core/document/holes.js';
import { relativeFilePath } from '../../core/render/links.js';
import type { PreviewDocument, ToPreview } from '../../protocol/preview-messages.js';
import type { Hunk } from '../../protocol/review.js';
import type { Services } from '../services.js';
import { shownImageSize } from '../settings.js';
import { previewHunk } from './preview-data.js';

/** Milliseconds after a change before the page is told: it need not see every key. */
const delay = 120;
/** Of a document longer than this, in UTF-16 units, it is told less often. */
const longDocument = 200_000;
const longDelay = 600;

export interface FeedOptions {
  readonly webview: Webview;
  readonly send: (message: ToPreview) => void;
  readonly restriction: () => string | undefined;
}

/** Tells the page what a document and its review are, and again whenever one of them has changed. */
export class DocumentFeed {
  readonly #services: Services;
  readonly #document: TextDocument;
  readonly #options: FeedOptions;
  readonly #subscriptions: Disposable;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the worker has found in which version. */
  #content: { readonly version: number; readonly content: PreviewContent } | undefined;
  /** Addresses of pictures that were drawn anew differ by it. */
  #drawn = 0;

  constructor(services: Services, document: TextDocument, options: FeedOptions) {
    this.#services = services;
    this.#document = document;
    this.#options = options;
    this.#subscriptions = Disposable.from(
      workspace.onDidChangeTextDocument((event) => {
        if (event.document === document && event.contentChanges.length > 0) this.#schedule();
      }),
      workspace.onDidCloseTextDocument((closed) => {
        if (closed === document) this.#schedule();
      }),
      services.reviews.onDidChange((uri) => {
        if (uri.toString() === document.uri.toString()) this.#schedule();
      }),
      // Told when its language is another, too.
      workspace.onDidOpenTextDocument((opened) => {
        if (opened === document) this.#schedule();
      }),
      workspace.onDidGrantWorkspaceTrust(() => {
        this.#schedule();
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('oneflow.imageSize', document)) this.#schedule();
      }),
    );
  }

  /** Pictures of pending hunks have other content under the same name. */
  picturesChanged(): void {
    this.#drawn += 1;
    this.#schedule();
  }

  /** Tells everything now. */
  async tell(): Promise<void> {
    clearTimeout(this.#timer);
    const document = this.#document;
    const { version } = document;
    // The page may ask for it again, and has something to go on until then.
    if (document.isClosed && !document.isUntitled) return;
    if (this.#content?.version !== version) {
      const content = await this.#services.worker.call('previewContent', document.getText());
      // A later change has its own turn.
      if (document.version !== version) return;
      this.#content = { version, content };
    }
    this.#options.send(this.#message(this.#content.content));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscriptions.dispose();
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    const isLong = this.#document.lineCount > 2000 && this.#document.getText().length > longDocument;
    this.#timer = setTimeout(
      () => {
        this.tell().catch((error: unknown) => {
          this.#services.log.error(`The preview could not be renewed: ${String(error)}`);
        });
      },
      isLong ? longDelay : delay,
    );
  }

  #message({ holes, pictures, problems }: PreviewContent): PreviewDocument {
    const { uri, version, languageId, isClosed } = this.#document;
    const text = this.#document.getText();
    const { reviews } = this.#services;
    const hunks = reviews.hunksOf(uri);
    const size = shownImageSize(uri);
    const restriction = isClosed
      ? l10n.t('This document is not there any more.')
      : this.#options.restriction();
    return {
      type: 'document',
      key: uri.toString(),
      title: uri.path.slice(uri.path.lastIndexOf('/') + 1),
      version,
      text,
      // In a text that is no Markdown marks are text.
      holes: languageId === 'markdown' && !isClosed ? holes.map((hole) => withSize(hole, size)) : [],
      hunks: hunks.flatMap((hunk) => previewHunk(hunk, text, reviews.variantsOf(hunk)) ?? []),
      pictures: this.#addresses(pictures),
      hunkPictures: hunks.flatMap((hunk) => this.#picturesOf(hunk)),
      problems: problems.map((problem) => ({ ...problem })),
      ...(restriction !== undefined && { restriction }),
    };
  }

  #addresses(destinations: readonly string[]): PreviewDocument['pictures'] {
    return [...new Set(destinations)].flatMap((destination) => {
      const path = relativeFilePath(destination);
      if (path === undefined || this.#document.isUntitled) return [];
      return [{ destination, uri: this.#addressOf(Uri.joinPath(this.#document.uri, '..', path)) }];
    });
  }

  #picturesOf({ pictures }: Hunk): PreviewDocument['hunkPictures'] {
    return pictures.map(({ id, width }) => {
      const file = this.#services.pictures.uriOf(this.#document.uri, id);
      return { id, source: { uri: `${this.#addressOf(file)}?${this.#drawn}` }, size: width };
    });
  }

  #addressOf(file: Uri): string {
    return this.#options.webview.asWebviewUri(file).toString();
  }
}
