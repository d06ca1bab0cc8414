import { randomBytes } from 'node:crypto';
import { Disposable, env, l10n, type TextDocument, Uri, type WebviewPanel, workspace } from 'vscode';
import { PreviewChannel } from '../../protocol/preview-channel.js';
import { type FromPreview, fromPreviewSchema, type ToPreview } from '../../protocol/preview-messages.js';
import { previewStrings } from '../../protocol/preview-strings.js';
import { Refusal, reportFailure } from '../failure.js';
import { revealPlace } from '../reveal.js';
import type { Services } from '../services.js';
import { DocumentFeed } from './document-feed.js';
import { LessonRuns } from './lesson-runs.js';
import { openLink } from './links.js';
import { pageHtml } from './page-html.js';
import { answerRequest, isAboutText } from './page-requests.js';
import type { RemotePictures } from './remote-pictures.js';
import { RunFeed } from './run-feed.js';
import { ScrollFollow } from './scroll-follow.js';

export type PreviewPageName = 'document' | 'lessons';

interface PanelContext {
  readonly services: Services;
  readonly extensionUri: Uri;
  readonly remotePictures: RemotePictures;
  /**
   * Opens the document of a panel again, with its review, and shows it as it is then: VS Code closes a document when no
   * editor shows it any more.
   * @throws Refusal when it is gone
   */
  readonly reopen: (panel: PreviewPanel) => Promise<TextDocument>;
}

/** For words that stand in a table of their own; `scripts/l10n.mjs` finds them there. */
const translate: (text: string) => string = l10n.t;

/** Requests that may be waiting to be done; a page that sends more than these is not answered until some are. */
const mostRequests = 16;

/** The preview of one document in a webview. It lives until the author closes it, and is another for another document. */
export class PreviewPanel {
  readonly #panel: WebviewPanel;
  readonly #context: PanelContext;
  readonly #document: TextDocument;
  readonly #feed: DocumentFeed;
  readonly #runs: RunFeed;
  readonly #scroll: ScrollFollow;
  readonly #lessons: LessonRuns;
  readonly #subscriptions: Disposable;
  /** That of the page which is there now. */
  #channel: PreviewChannel<ToPreview, FromPreview> | undefined;
  #page: PreviewPageName | undefined;
  #requests = 0;
  #isListening = false;

  constructor(panel: WebviewPanel, document: TextDocument, context: PanelContext) {
    this.#panel = panel;
    this.#document = document;
    this.#context = context;
    const { services, extensionUri } = context;
    const send = (message: ToPreview): void => {
      this.#channel?.send(message);
    };
    this.#feed = new DocumentFeed(services, document, { webview: panel.webview, send, restriction });
    this.#runs = new RunFeed(services, document.uri, send);
    this.#scroll = new ScrollFollow(document, (offset) => {
      send({ type: 'reveal', offset });
    });
    this.#lessons = new LessonRuns(services, extensionUri.fsPath, send);
    this.#subscriptions = Disposable.from(
      this.#feed,
      this.#runs,
      this.#scroll,
      panel.webview.onDidReceiveMessage((data: unknown) => {
        this.#channel?.receive(data);
      }),
      panel.onDidChangeViewState(() => {
        // What is sent to a hidden page is lost, and a page that is shown again begins anew.
        if (panel.visible) return;
        this.#isListening = false;
        this.#channel?.reset();
      }),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('markdown.preview')) this.#tellSettings();
      }),
    );
    this.#load();
  }

  get document(): TextDocument {
    return this.#document;
  }

  /** Whether a page is there that was told everything. */
  get isListening(): boolean {
    return this.#isListening;
  }

  show(page: PreviewPageName): void {
    this.#page = page;
    this.#channel?.send({ type: 'show', page });
  }

  /** Gives the panel up to another document; the webview stays. */
  dispose(): void {
    this.#lessons.stop();
    this.#channel?.close();
    this.#subscriptions.dispose();
  }

  /** A fresh page with a secret of its own: an older one has nothing more to say. */
  #load(): void {
    const { webview } = this.#panel;
    const { services, extensionUri } = this.#context;
    this.#channel?.close();
    this.#isListening = false;
    const secret = randomBytes(24).toString('base64url');
    this.#channel = new PreviewChannel<ToPreview, FromPreview>({
      secret,
      schema: fromPreviewSchema,
      post: (envelope) => void webview.postMessage(envelope),
      onMessage: (message) => void this.#receive(message),
      onDropped: (reason) => {
        services.log.warn(`Preview: ${reason}`);
      },
    });
    const dist = Uri.joinPath(extensionUri, 'dist');
    webview.options = { enableScripts: true, localResourceRoots: this.#resourceRoots() };
    webview.html = pageHtml({
      scriptUri: webview.asWebviewUri(Uri.joinPath(dist, 'preview.js')).toString(),
      styleUri: webview.asWebviewUri(Uri.joinPath(dist, 'preview.css')).toString(),
      cspSource: webview.cspSource,
      nonce: randomBytes(24).toString('base64url'),
      secret,
      remotePictures: this.#remotePictures,
      notStarted: l10n.t('The preview could not be started. Close it and open it again.'),
    });
    this.#panel.title = l10n.t('Refinement: {0}', nameOf(this.#document));
  }

  /** The page's own files, pictures beside the document or in its workspace folder, and those under review. */
  #resourceRoots(): Uri[] {
    const { services, extensionUri } = this.#context;
    const { uri, isUntitled } = this.#document;
    const folder =
      workspace.getWorkspaceFolder(uri)?.uri ?? (isUntitled ? undefined : Uri.joinPath(uri, '..'));
    return [
      Uri.joinPath(extensionUri, 'dist'),
      Uri.joinPath(extensionUri, 'media'),
      services.pictures.folder,
      ...(folder ? [folder] : []),
    ];
  }

  get #remotePictures(): boolean {
    return workspace.isTrusted && this.#context.remotePictures.areAllowedIn(this.#document.uri);
  }

  #tellSettings(): void {
    const { webview } = this.#panel;
    const preview = workspace.getConfiguration('markdown.preview', this.#document.uri);
    const lessonPicture = Uri.joinPath(this.#context.extensionUri, 'media', 'lesson.png');
    this.#channel?.send({
      type: 'settings',
      strings: Object.fromEntries(
        Object.entries(previewStrings).map(([name, text]) => [name, translate(text)]),
      ),
      locale: env.language,
      allowRemotePictures: this.#remotePictures,
      lessonPicture: webview.asWebviewUri(lessonPicture).toString(),
      font: {
        family: preview.get('fontFamily', ''),
        size: preview.get('fontSize', 14),
        lineHeight: preview.get('lineHeight', 1.6),
      },
    });
  }

  async #receive(message: FromPreview): Promise<void> {
    const { services, remotePictures } = this.#context;
    try {
      switch (message.type) {
        case 'ready':
          await this.#begin();
          return;
        case 'scrolled':
          this.#scroll.scrolled(message.offset);
          return;
        case 'reveal':
          await revealPlace(this.#document, message.offset);
          return;
        case 'open-link':
          await openLink(this.#document.uri, message.href);
          return;
        case 'allow-remote-pictures':
          await remotePictures.allowIn(this.#document.uri);
          this.#load();
          return;
        case 'page-error':
          services.log.error(`Preview: ${message.message}`);
          return;
        default:
          await this.#answer(message);
      }
    } catch (error) {
      reportFailure(services.log, error);
    }
  }

  async #answer(request: Parameters<typeof answerRequest>[1]): Promise<void> {
    const isStop = request.type === 'stop' || request.type === 'stop-lesson';
    if (this.#requests >= mostRequests && !isStop) return;
    this.#requests += 1;
    try {
      const context = {
        services: this.#context.services,
        document: isAboutText(request) ? await this.#markdown() : this.#document,
        lessons: this.#lessons,
        send: (message: ToPreview) => {
          this.#channel?.send(message);
        },
        picturesChanged: () => {
          this.#feed.picturesChanged();
        },
      };
      await answerRequest(context, request);
    } finally {
      this.#requests -= 1;
    }
  }

  /**
   * The document, for what can only be done with one that is open.
   * @throws Refusal when it is gone, or no Markdown any more
   */
  async #markdown(): Promise<TextDocument> {
    const document = this.#document.isClosed ? await this.#context.reopen(this) : this.#document;
    if (document.languageId === 'markdown') return document;
    throw new Refusal(l10n.t('This document is no Markdown any more.'));
  }

  /** The page listens: it is told everything, whatever one before it knew. */
  async #begin(): Promise<void> {
    const channel = this.#channel;
    if (this.#document.isClosed) {
      const reopened = await this.#context.reopen(this).catch(() => undefined);
      // Then the page begins anew with it; else it says that there is none.
      if (reopened !== undefined) return;
    }
    channel?.reset();
    this.#tellSettings();
    channel?.open();
    await this.#feed.tell();
    // Runs end with the document: what came of them is under review, or has been decided on.
    if (await this.#runs.tell()) await this.#feed.tell();
    const { top } = this.#scroll;
    if (top !== undefined) channel?.send({ type: 'reveal', offset: top });
    if (this.#page !== undefined) channel?.send({ type: 'show', page: this.#page });
    this.#page = undefined;
    this.#isListening = channel === this.#channel;
  }
}

/** Why no run can start in this window; undefined when one can. */
function restriction(): string | undefined {
  return workspace.isTrusted
    ? undefined
    : l10n.t(
        'Restricted Mode: trust this workspace to let the model run. Marks and suggestions can be looked at.',
      );
}

function nameOf({ uri }: TextDocument): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}
