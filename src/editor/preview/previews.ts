import {
  Disposable,
  type ExtensionContext,
  l10n,
  type TextDocument,
  Uri,
  ViewColumn,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { Refusal } from '../failure.js';
import { loadPreviewPanel } from '../lazy.js';
import { activeDocument, namedDocument } from '../documents/active-document.js';
import { movedUri } from '../moves.js';
import type { Services } from '../services.js';
import type { PreviewPageName, PreviewPanel } from './preview-panel.js';
import { RemotePictures } from './remote-pictures.js';

const viewType = 'oneflow.preview';

/**
 * The refinement preview of this window: one panel, which shows the Markdown document that the author works on. It
 * comes back after a reload with the document that it showed.
 */
export class Previews {
  readonly #services: Services;
  readonly #context: ExtensionContext;
  readonly #remotePictures: RemotePictures;
  #webview: WebviewPanel | undefined;
  #panel: PreviewPanel | undefined;
  #panelClass: typeof PreviewPanel | undefined;

  constructor(services: Services, context: ExtensionContext) {
    this.#services = services;
    this.#context = context;
    this.#remotePictures = new RemotePictures(context.workspaceState);
  }

  /** The document whose page listens. */
  get shownDocument(): Uri | undefined {
    return this.#panel?.isListening ? this.#panel.document.uri : undefined;
  }

  register(): Disposable {
    return Disposable.from(
      window.registerWebviewPanelSerializer(viewType, {
        deserializeWebviewPanel: (webview, state: unknown) => this.#restore(webview, state),
      }),
      this.#services.workedOn.onDidChange(() => {
        const { document } = this.#services.workedOn;
        if (document !== undefined) this.#follow(document);
      }),
      this.#services.reviews.onDidMove((move) => {
        const moved = this.#panel && movedUri(this.#panel.document.uri, move);
        if (moved)
          void workspace.openTextDocument(moved).then(
            (document) => {
              this.#follow(document);
            },
            (error: unknown) => {
              this.#services.log.warn(`The preview cannot follow its document: ${String(error)}`);
            },
          );
      }),
      this.#services.reviews.onDidChange((document) => {
        const panel = this.#panel;
        if (panel?.document.isClosed !== true || panel.document.uri.toString() !== document.toString())
          return;
        // A run has ended on it: what came of it is to be seen.
        if (this.#services.reviews.of(document)) void this.#reopen(panel).catch(() => undefined);
      }),
      { dispose: () => this.#panel?.dispose() },
    );
  }

  /**
   * Shows the preview beside the editor.
   * @throws Refusal when there is no Markdown document to show
   */
  async open(page: PreviewPageName): Promise<void> {
    this.#panelClass ??= await loadPreviewPanel();
    const webview = this.#webview;
    if (webview) {
      this.#follow(activeDocument(this.#services.workedOn));
      webview.reveal(undefined, true);
    } else {
      const document = activeDocument(this.#services.workedOn);
      const column = { viewColumn: ViewColumn.Beside, preserveFocus: true };
      this.#adopt(window.createWebviewPanel(viewType, l10n.t('Refinement Preview'), column), document);
    }
    this.#panel?.show(page);
  }

  async #restore(webview: WebviewPanel, state: unknown): Promise<void> {
    try {
      this.#panelClass ??= await loadPreviewPanel();
      const key = documentKey(state);
      const document =
        key === undefined
          ? activeDocument(this.#services.workedOn)
          : await workspace.openTextDocument(Uri.parse(key, true));
      if (document.languageId !== 'markdown') throw new Refusal('');
      this.#adopt(webview, document);
    } catch {
      // The document is gone, and with it what the panel was about.
      webview.dispose();
    }
  }

  #adopt(webview: WebviewPanel, document: TextDocument): void {
    this.#webview?.dispose();
    this.#webview = webview;
    webview.iconPath = Uri.joinPath(this.#context.extensionUri, 'media', 'icon.png');
    webview.onDidDispose(() => {
      if (this.#webview !== webview) return;
      this.#panel?.dispose();
      this.#panel = undefined;
      this.#webview = undefined;
    });
    this.#follow(document);
  }

  async #reopen(panel: PreviewPanel): Promise<TextDocument> {
    const document = await namedDocument(panel.document.uri.toString());
    await this.#services.reviews.restore(document);
    // The author may have gone on to another meanwhile.
    if (this.#panel === panel) this.#follow(document);
    return document;
  }

  #follow(document: TextDocument): void {
    if (!this.#webview || this.#panel?.document === document) return;
    this.#panel?.dispose();
    // Loaded before there was a webview.
    this.#panel = new this.#panelClass!(this.#webview, document, {
      services: this.#services,
      extensionUri: this.#context.extensionUri,
      remotePictures: this.#remotePictures,
      reopen: (panel) => this.#reopen(panel),
    });
    this.#services.workedOn.show(document);
  }
}

/** What the page keeps names its document; the rest is the page's own. */
function documentKey(state: unknown): string | undefined {
  const key = typeof state === 'object' && state !== null && 'key' in state ? state.key : undefined;
  return typeof key === 'string' ? key : undefined;
}
