import type { FromPreview, ToPreview } from '../../src/protocol/preview-messages.js';
import { Announcer } from './announcer.js';
import { ComparisonView } from './comparison.js';
import { DocumentView, type PictureOptions } from './document-view.js';
import { button, element } from './dom.js';
import { Header, type Page } from './header.js';
import type { Host } from './host.js';
import { HunkNotes, placesOf } from './hunk-notes.js';
import type { KeptState } from './kept-state.js';
import { Lessons } from './lessons/lessons.js';
import { isStill } from './motion.js';
import { PageModel } from './page-model.js';
import { Painter } from './paint.js';
import { sceneOf } from './scene.js';
import { ScrollSync } from './scroll-sync.js';
import { say } from './strings.js';
import { Timeline } from './timeline.js';

/** The whole page. It lives as long as the webview's document. */
export class PreviewPage {
  readonly #host: Host;
  readonly #model: PageModel;
  readonly #painter: Painter;
  readonly #header: Header;
  readonly #timeline: Timeline;
  readonly #view: DocumentView;
  readonly #comparison: ComparisonView;
  readonly #notes: HunkNotes;
  readonly #notices = element('div', { class: 'notices' });
  readonly #announcer = new Announcer();
  readonly #lessons: Lessons;
  readonly #scroller = element('main', { class: 'scroller', tabindex: '0' });
  readonly #sheet: HTMLElement;
  readonly #scroll: ScrollSync;
  #page: Page;
  /** Goes back to it once the document that it belongs to has come. */
  #kept: KeptState | undefined;
  #shownHunk: string | undefined;

  constructor(body: HTMLElement, host: Host, kept: KeptState | undefined) {
    const send = (message: FromPreview): void => {
      host.send(message);
    };
    this.#host = host;
    this.#kept = kept;
    this.#page = kept?.page ?? 'document';
    this.#painter = new Painter(() => {
      this.#paint();
    });
    this.#model = new PageModel(() => {
      this.#painter.request();
    });
    this.#header = new Header(this.#model, {
      send,
      showPage: (page) => {
        this.#showPage(page);
      },
    });
    this.#comparison = new ComparisonView(send);
    this.#notes = new HunkNotes(this.#model, send);
    this.#view = new DocumentView(say('document'), () => {
      this.#notes.place(this.#view.root, this.#view.scene);
      this.#scroll.settle();
    });
    this.#timeline = new Timeline(this.#model, send, (holeId) => {
      this.#bringIntoView(this.#view.root.querySelector(`[data-hole="${CSS.escape(holeId)}"]`));
    });
    this.#lessons = new Lessons(send);
    this.#sheet = element('div', { class: 'sheet' }, this.#view.root, this.#notes.root);
    this.#scroller.append(this.#notices, this.#sheet, this.#comparison.root, this.#lessons.root);
    this.#scroll = new ScrollSync(this.#scroller, this.#view, (offset) => {
      this.#keep();
      if (this.#isDocumentShown) send({ type: 'scrolled', offset });
    });
    body.replaceChildren(this.#header.root, this.#scroller, this.#timeline.root, this.#announcer.root);
    body.addEventListener('keydown', (event) => {
      this.#key(event);
    });
    this.#scroller.addEventListener('click', (event) => {
      this.#followLink(event);
    });
    this.#view.root.addEventListener('dblclick', (event) => {
      const top = this.#view.root.getBoundingClientRect().top;
      send({ type: 'reveal', offset: this.#view.offsetAt(event.clientY - top) });
    });
    new ResizeObserver(() => {
      this.#notes.place(this.#view.root, this.#view.scene);
    }).observe(this.#view.root);
  }

  receive(message: ToPreview): void {
    if (message.type === 'reveal') {
      if (this.#isDocumentShown) this.#scroll.reveal(message.offset);
    } else if (message.type === 'show') {
      this.#showPage(message.page);
    } else if (message.type === 'settings') {
      setFont(message.font);
      this.#model.receive(message);
    } else if (!this.#lessons.receive(message)) {
      this.#model.receive(message);
    }
  }

  get #isDocumentShown(): boolean {
    return this.#page === 'document' && !this.#isComparison;
  }

  get #isComparison(): boolean {
    return this.#model.shown.kind === 'review' && this.#model.comparison === 'side';
  }

  #paint(): void {
    const { document: shown, settings } = this.#model;
    document.title = shown?.title ?? '';
    this.#header.update(this.#page);
    this.#timeline.update();
    this.#announcer.update(this.#model);
    if (this.#page === 'lessons') this.#timeline.root.hidden = true;
    this.#lessons.setRestriction(shown?.restriction);
    const isDocument = this.#isDocumentShown;
    this.#sheet.hidden = !isDocument;
    this.#comparison.root.hidden = this.#page !== 'document' || !this.#isComparison;
    this.#lessons.show(this.#page === 'lessons', settings?.lessonPicture ?? '');
    const options: PictureOptions = {
      addresses: new Map(shown?.pictures.map(({ destination, uri }) => [destination, uri])),
      remote: settings?.allowRemotePictures ?? false,
    };
    if (this.#page === 'document') this.#paintDocument(options);
    this.#paintNotices();
  }

  #paintDocument(options: PictureOptions): void {
    if (this.#isComparison) {
      if (this.#model.document) this.#comparison.show(this.#model, options);
      return;
    }
    const scene = sceneOf(this.#model);
    if (!scene) return;
    const isBefore = this.#model.shown.kind === 'review' && this.#model.comparison === 'before';
    this.#view.root.classList.toggle('before', isBefore);
    this.#view.show(scene, options);
    this.#notes.update(this.#view.root, scene);
    this.#restore();
    this.#followHunk();
  }

  #paintNotices(): void {
    const { document: shown, settings } = this.#model;
    const notices: HTMLElement[] = [];
    for (const { message, offset } of (shown?.problems ?? []).slice(0, 3)) {
      const showIt = button({ label: say('problemShow') }, () => {
        this.#host.send({ type: 'reveal', offset });
      });
      notices.push(
        element('p', { class: 'notice problem' }, element('span', {}, say('problem', message)), showIt),
      );
    }
    if (this.#view.hasRemotePictures && settings?.allowRemotePictures === false) {
      const allow = button({ label: say('remoteAllow') }, () => {
        this.#host.send({ type: 'allow-remote-pictures' });
      });
      notices.push(element('p', { class: 'notice' }, element('span', {}, say('remoteBlocked')), allow));
    }
    if (shown?.text.trim() === '') notices.push(element('p', { class: 'empty' }, say('emptyDocument')));
    const isSame =
      notices.length === this.#notices.children.length &&
      notices.every((notice, index) => notice.textContent === this.#notices.children[index]!.textContent);
    if (!isSame) this.#notices.replaceChildren(...notices);
    this.#notices.hidden = this.#page !== 'document';
  }

  #showPage(page: Page): void {
    this.#page = page;
    this.#keep();
    this.#painter.request();
  }

  /** After a reload, once: goes back to where the author was. */
  #restore(): void {
    const kept = this.#kept;
    this.#kept = undefined;
    if (!kept || kept.key !== this.#model.document?.key) return;
    if (kept.comparison !== 'after') this.#model.selectComparison(kept.comparison);
    this.#scroll.reveal(kept.offset);
  }

  #keep(): void {
    const key = this.#model.document?.key;
    if (key === undefined || this.#kept) return;
    const { comparison } = this.#model;
    this.#host.keep({
      version: 1,
      key,
      page: this.#page,
      comparison,
      offset: this.#scroll.offset,
    } satisfies KeptState);
  }

  /** Brings a hunk into view that the keys have gone to. */
  #followHunk(): void {
    const { hunk } = this.#model;
    const scene = this.#view.scene;
    const isNew = hunk !== undefined && this.#shownHunk !== undefined && hunk.id !== this.#shownHunk;
    this.#shownHunk = hunk?.id;
    if (isNew && scene && scene.hunks.size > 0) {
      this.#bringIntoView(placesOf(this.#view.root, scene).get(hunk.id)?.[0] ?? null);
    }
  }

  #bringIntoView(target: Element | null): void {
    target?.scrollIntoView({ block: 'nearest', behavior: isStill() ? 'auto' : 'smooth' });
  }

  /** Nothing on the page leads anywhere by itself: the host decides what a link may open. */
  #followLink(event: MouseEvent): void {
    const link = (event.target as Element).closest('a');
    if (!link) return;
    event.preventDefault();
    const href = link.getAttribute('href');
    if (href !== null && href !== '') this.#host.send({ type: 'open-link', href: href.slice(0, 4096) });
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#page !== 'document') return;
    const target = event.target as HTMLElement;
    if (target.closest('select, input') && !target.matches('.slider')) return;
    if (this.#hunkKey(event) || this.#timeline.key(event)) event.preventDefault();
    if (event.key === 'Escape' && this.#model.isRunning) this.#host.send({ type: 'stop' });
  }

  /** `n` and `p` go from change to change, `a` and `r` accept and reject it. */
  #hunkKey({ key }: KeyboardEvent): boolean {
    const { hunk, shown } = this.#model;
    if (!hunk || shown.kind !== 'review') return false;
    if (key === 'n') this.#model.moveHunk(1);
    else if (key === 'p') this.#model.moveHunk(-1);
    else if (key === 'a' && hunk.state === 'pending') this.#host.send({ type: 'accept', hunkId: hunk.id });
    else if (key === 'r') this.#host.send({ type: 'reject', hunkId: hunk.id });
    else return false;
    return true;
  }
}

function setFont({ family, size, lineHeight }: Extract<ToPreview, { type: 'settings' }>['font']): void {
  const { style } = document.documentElement;
  style.setProperty('--document-font', family === '' ? 'system-ui, sans-serif' : family);
  style.setProperty('--document-size', `${size}px`);
  style.setProperty('--document-line', String(lineHeight));
}
