import type { FromPreview } from '../../src/protocol/preview-messages.js';
import { button, element, setAttributes, setText } from './dom.js';
import type { Comparison, PageModel } from './page-model.js';
import { oneDigit, say, toReview } from './strings.js';

export type Page = 'document' | 'lessons';

interface HeaderActions {
  readonly send: (message: FromPreview) => void;
  readonly showPage: (page: Page) => void;
}

/** The bar above: which page is shown, what is going on, and what can be done about it as a whole. */
export class Header {
  readonly root: HTMLElement;
  readonly #model: PageModel;
  readonly #status = element('p', { class: 'status' });
  readonly #statusDetail = element('p', { class: 'status-detail' });
  readonly #situation: HTMLElement;
  readonly #progress = element('div', { class: 'progress', 'aria-hidden': 'true' });
  readonly #tabs: Readonly<Record<Page, HTMLButtonElement>>;
  readonly #actions: Readonly<
    Record<'refine' | 'pictures' | 'stop' | 'acceptAll' | 'rejectAll', HTMLButtonElement>
  >;
  readonly #comparison: HTMLElement;
  readonly #comparisons: Readonly<Record<Comparison, HTMLButtonElement>>;

  constructor(model: PageModel, { send, showPage }: HeaderActions) {
    this.#model = model;
    const tab = (page: Page): HTMLButtonElement => {
      const made = button({ label: say(page) }, () => {
        showPage(page);
      });
      made.className = 'tab';
      return made;
    };
    this.#tabs = { document: tab('document'), lessons: tab('lessons') };
    this.#actions = {
      refine: button({ label: say('refine'), title: say('refineTitle'), kind: 'primary' }, () => {
        send({ type: 'refine', what: 'document' });
      }),
      pictures: button({ label: say('fillPictures'), title: say('fillPicturesTitle') }, () => {
        send({ type: 'refine', what: 'pictures' });
      }),
      stop: button({ icon: 'stop', label: say('stop'), title: say('stopTitle') }, () => {
        send({ type: 'stop' });
      }),
      acceptAll: button({ label: say('acceptAll'), kind: 'primary' }, () => {
        send({ type: 'accept-all' });
      }),
      rejectAll: button({ label: say('rejectAll') }, () => {
        send({ type: 'reject-all' });
      }),
    };
    const choice = (comparison: Comparison): HTMLButtonElement =>
      button({ label: say(comparison) }, () => {
        model.selectComparison(comparison);
      });
    this.#comparisons = { before: choice('before'), after: choice('after'), side: choice('side') };
    this.#comparison = element(
      'div',
      { class: 'choices', role: 'group', 'aria-label': say('view') },
      ...Object.values(this.#comparisons),
    );
    this.#situation = element(
      'div',
      { class: 'situation' },
      element('div', { class: 'status-lines' }, this.#status, this.#statusDetail),
      element('div', { class: 'actions' }, this.#comparison, ...Object.values(this.#actions)),
    );
    this.root = element(
      'header',
      { class: 'header' },
      element('nav', { class: 'tabs', 'aria-label': say('pages') }, this.#tabs.document, this.#tabs.lessons),
      this.#situation,
      this.#progress,
    );
  }

  update(page: Page): void {
    for (const [name, tab] of Object.entries(this.#tabs)) {
      setAttributes(tab, { 'aria-current': name === page ? 'page' : undefined });
    }
    const { running, settling, document, openHunks, pendingCount: pending } = this.#model;
    const holes = document?.holes ?? [];
    const isIdle = !running && !settling && pending === 0;
    const canRefine = isIdle && holes.length > 0 && document?.restriction === undefined;
    this.#holdHeight(running !== undefined);
    const isReview = !running && openHunks.length > 0;
    const show = (control: HTMLElement, isShown: boolean): void => {
      control.hidden = !isShown;
    };
    show(this.#actions.stop, running !== undefined);
    show(this.#actions.refine, canRefine);
    show(this.#actions.pictures, canRefine && holes.some(isSlot) && !holes.every(isSlot));
    show(this.#actions.acceptAll, isReview && pending > 0);
    show(this.#actions.rejectAll, isReview);
    show(this.#comparison, isReview);
    for (const [name, choice] of Object.entries(this.#comparisons)) {
      setAttributes(choice, { 'aria-pressed': name === this.#model.comparison ? 'true' : 'false' });
    }
    const [status, detail] = this.#describe(pending);
    setText(this.#status, status);
    setText(this.#statusDetail, detail);
    const done = running ? running.pass / running.passes : 0;
    this.#progress.style.setProperty('--done', String(done));
    this.#progress.classList.toggle('active', running !== undefined);
    setAttributes(this.root, { 'data-page': page });
  }

  /** During a run there is less to choose from and to say: the document below is not to move up for that. */
  #holdHeight(isRunning: boolean): void {
    const { style } = this.#situation;
    if (!isRunning) style.minHeight = '';
    else if (style.minHeight === '') style.minHeight = `${this.#situation.offsetHeight}px`;
  }

  #describe(pending: number): readonly [status: string, detail: string] {
    const { running, settling, run, document } = this.#model;
    if (running) {
      if (running.pass === 0) return [say('starting'), ''];
      const { pass, passes, seconds } = running;
      const left = ((passes - pass) * seconds) / pass;
      return [say('running', pass, passes), say('runningTime', oneDigit(seconds), Math.ceil(left))];
    }
    if (settling) return [say('running', settling.pass, settling.passes), endOf(settling)];
    if (document?.restriction !== undefined) return [document.restriction, ''];
    const [problem] = document?.problems ?? [];
    if (problem) return [say('problem', problem.message), ''];
    if (run?.end?.outcome === 'failed') return [say('failed'), run.end.message ?? ''];
    if (pending > 0) return [toReview(pending), endOf(run)];
    if (!document) return [say('noDocument'), ''];
    const texts = document.holes.filter(({ kind }) => kind === 'text').length;
    const pictures = document.holes.length - texts;
    if (document.holes.length === 0) {
      return document.hunks.length > 0 ? [say('reviewed'), ''] : [say('idleNothing'), say('idleHint')];
    }
    return [masked(texts, pictures), ''];
  }
}

const isSlot = ({ kind }: { readonly kind: string }): boolean => kind === 'picture';

function endOf(run: PageModel['run']): string {
  if (!run?.end) return '';
  const time = say('runningElapsed', oneDigit(run.seconds));
  return run.end.outcome === 'stopped' ? `${say('stopped', run.pass)} · ${time}` : time;
}

function masked(texts: number, pictures: number): string {
  const text = texts === 1 ? say('oneText') : say('texts', texts);
  const picture = pictures === 1 ? say('onePicture') : say('pictures', pictures);
  const parts = [...(texts > 0 ? [text] : []), ...(pictures > 0 ? [picture] : [])];
  return say('idleMasked', parts.length === 2 ? say('and', parts[0]!, parts[1]!) : parts[0]!);
}
