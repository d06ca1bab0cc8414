import type { FromPreview } from '../../src/protocol/preview-messages.js';
import { button, element, icon, setAttributes, setText } from './dom.js';
import type { PageModel } from './page-model.js';
import type { RunRecord } from './run-record.js';
import { say } from './strings.js';

/** Milliseconds between steps when the timeline plays. */
const playInterval = 160;
/** Milliseconds that a step must be looked at before its pictures are asked for. */
const drawDelay = 180;
/** Runs with more parts than this show no meter for each. */
const mostMeters = 32;

/** The bar below: every step of the run to go back to, what the run was made of, and how to repeat it. */
export class Timeline {
  readonly root: HTMLElement;
  readonly #model: PageModel;
  readonly #send: (message: FromPreview) => void;
  readonly #slider = element('input', {
    type: 'range',
    class: 'slider',
    min: 0,
    step: 1,
    'aria-label': say('timeline'),
  });
  readonly #label = element('output', { class: 'step-label' });
  readonly #play: HTMLButtonElement;
  readonly #acceptFrom: HTMLButtonElement;
  readonly #runs = element('select', { class: 'select', 'aria-label': say('run') });
  readonly #meters = element('ul', { class: 'meters', 'aria-label': say('progress') });
  readonly #details: Details;
  #playing: ReturnType<typeof setInterval> | undefined;
  #drawing: ReturnType<typeof setTimeout> | undefined;
  #metersOf: RunRecord | undefined;

  constructor(model: PageModel, send: (message: FromPreview) => void, onMeter: (holeId: string) => void) {
    this.#model = model;
    this.#send = send;
    this.#details = new Details(send);
    this.#play = button({ icon: 'play', label: say('play'), kind: 'quiet' }, () => {
      this.#togglePlay();
    });
    this.#acceptFrom = button(
      { icon: 'accept', label: say('acceptFrom'), title: say('acceptFromTitle'), kind: 'primary' },
      () => {
        const pass = model.step === undefined ? undefined : model.run?.frame(model.step)?.pass;
        if (model.run && pass !== undefined) send({ type: 'accept-from', runId: model.run.run.id, pass });
      },
    );
    this.#slider.addEventListener('input', () => {
      this.#stopPlaying();
      this.#goTo(Number(this.#slider.value));
    });
    this.#runs.addEventListener('change', () => {
      this.#stopPlaying();
      model.selectRun(this.#runs.value);
    });
    this.#meters.addEventListener('click', (event) => {
      const meter = (event.target as Element).closest<HTMLElement>('[data-meter]');
      if (meter) onMeter(meter.dataset['meter']!);
    });
    this.root = element(
      'footer',
      { class: 'dock' },
      this.#meters,
      element(
        'div',
        { class: 'scrubber', role: 'group', 'aria-label': say('timeline') },
        button({ icon: 'previous', label: say('previousStep'), kind: 'quiet' }, () => {
          this.#move(-1);
        }),
        this.#play,
        button({ icon: 'next', label: say('nextStep'), kind: 'quiet' }, () => {
          this.#move(1);
        }),
        this.#slider,
        this.#label,
        this.#acceptFrom,
      ),
      element(
        'div',
        { class: 'details', role: 'group', 'aria-label': say('details') },
        this.#runs,
        this.#details.root,
      ),
    );
  }

  update(): void {
    const { run, step } = this.#model;
    this.root.hidden = run === undefined || run.frameCount === 0;
    if (!run || this.root.hidden) {
      this.#stopPlaying();
      return;
    }
    // The result is one step further on than the last frame: there the changes are reviewed.
    const last = run.end === undefined ? run.frameCount - 1 : run.frameCount;
    const at = step ?? last;
    setAttributes(this.#slider, { max: Math.max(last, run.end === undefined ? run.passes - 1 : last) });
    if (this.#slider.value !== String(at)) this.#slider.value = String(at);
    const pass = run.frame(at)?.pass ?? 0;
    const isResult = run.end !== undefined && step === undefined;
    const label = isResult ? say('timelineResult') : say('timelineValue', pass, run.passes);
    setText(this.#label, isResult ? say('timelineResult') : `${pass} / ${run.passes}`);
    setAttributes(this.#slider, { 'aria-valuetext': label });
    this.#slider.style.setProperty(
      '--at',
      String(Number(this.#slider.max) > 0 ? at / Number(this.#slider.max) : 0),
    );
    this.#acceptFrom.hidden = run.end === undefined || step === undefined;
    this.#play.disabled = run.end === undefined;
    this.#updateRuns();
    this.#details.update(run);
    this.#updateMeters(run, at);
    this.#scheduleDraw(run, step);
  }

  /** Handles a key pressed anywhere on the page; true when it was one of its own. */
  key(event: KeyboardEvent): boolean {
    if (this.root.hidden || event.target === this.#slider) return false;
    if (event.key === 'ArrowLeft') this.#move(-1);
    else if (event.key === 'ArrowRight') this.#move(1);
    else if (event.key === ' ' && event.target === document.body) this.#togglePlay();
    else return false;
    return true;
  }

  dispose(): void {
    this.#stopPlaying();
    clearTimeout(this.#drawing);
  }

  #goTo(step: number): void {
    const run = this.#model.run;
    if (!run) return;
    this.#model.selectStep(run.end !== undefined && step >= run.frameCount ? undefined : step);
  }

  #move(by: number): void {
    this.#stopPlaying();
    const run = this.#model.run;
    if (run) this.#goTo(Math.max(0, (this.#model.step ?? run.frameCount) + by));
  }

  #togglePlay(): void {
    if (this.#playing !== undefined) {
      this.#stopPlaying();
      return;
    }
    const run = this.#model.run;
    if (!run?.end) return;
    setAttributes(this.#play, { 'aria-label': say('pause'), title: say('pause') });
    this.#play.replaceChildren(icon('pause'));
    this.#goTo(this.#model.step ?? 0);
    this.#playing = setInterval(() => {
      const next = (this.#model.step ?? run.frameCount) + 1;
      if (next >= run.frameCount) this.#stopPlaying();
      this.#goTo(next);
    }, playInterval);
  }

  #stopPlaying(): void {
    if (this.#playing === undefined) return;
    clearInterval(this.#playing);
    this.#playing = undefined;
    setAttributes(this.#play, { 'aria-label': say('play'), title: say('play') });
    this.#play.replaceChildren(icon('play'));
  }

  /** Asks for the pictures of a step that the author stays at. */
  #scheduleDraw(record: RunRecord, step: number | undefined): void {
    clearTimeout(this.#drawing);
    if (record.end === undefined || step === undefined || this.#playing !== undefined) return;
    const frame = record.frame(step);
    if (!frame || frame.pictures.length === 0 || record.drawn(frame.pass)) return;
    this.#drawing = setTimeout(() => {
      this.#send({ type: 'draw', runId: record.run.id, pass: frame.pass });
    }, drawDelay);
  }

  #updateRuns(): void {
    const { runs, run } = this.#model;
    this.#runs.hidden = runs.length < 2;
    const names = runs.map(({ run: { id, seed } }, index) => ({
      id,
      name: say('runName', index + 1, String(seed)),
    }));
    if (names.map(({ id }) => id).join() !== [...this.#runs.options].map(({ value }) => value).join()) {
      this.#runs.replaceChildren(...names.map(({ id, name }) => element('option', { value: id }, name)));
    }
    if (run) this.#runs.value = run.run.id;
  }

  #updateMeters(record: RunRecord, at: number): void {
    const { holes } = record.run;
    this.#meters.hidden = holes.length > mostMeters;
    if (this.#meters.hidden) return;
    if (this.#metersOf !== record) {
      this.#metersOf = record;
      this.#meters.replaceChildren(
        ...holes.map(({ id, kind }) =>
          element(
            'li',
            {},
            element('button', { type: 'button', class: `meter-button ${kind}`, 'data-meter': id }),
          ),
        ),
      );
    }
    const frame = record.frame(at);
    const isResult = record.end !== undefined && at >= record.frameCount - 1;
    const times = new Map([...(frame?.spans ?? []), ...(frame?.pictures ?? [])].map(({ id, t }) => [id, t]));
    const count = { text: 0, picture: 0 };
    holes.forEach(({ id, kind }, index) => {
      const meter = this.#meters.children[index]!.firstElementChild as HTMLElement;
      const t = isResult ? 1 : (times.get(id) ?? 0);
      count[kind] += 1;
      meter.style.setProperty('--t', String(t));
      const name = kind === 'text' ? 'progressText' : 'progressPicture';
      const label = say(name, count[kind], Math.round(100 * t));
      setAttributes(meter, { 'aria-label': label, title: label });
    });
  }
}

/** What a run was made of. */
class Details {
  readonly root = element('div', { class: 'facts' });
  readonly #send: (message: FromPreview) => void;
  #shown: RunRecord | undefined;
  #hasEnded = false;

  constructor(send: (message: FromPreview) => void) {
    this.#send = send;
  }

  update(record: RunRecord): void {
    const hasEnded = record.end !== undefined;
    if (this.#shown === record && this.#hasEnded === hasEnded) return;
    this.#shown = record;
    this.#hasEnded = hasEnded;
    const { id, seed, steps, strength, guidance, model } = record.run;
    const device = record.end?.device ?? record.run.device;
    const fact = (text: string): HTMLElement => element('span', { class: 'fact' }, text);
    const copySeed = button(
      { icon: 'copy', label: say('seed', String(seed)), title: say('copySeed', String(seed)) },
      () => {
        this.#send({ type: 'copy', runId: id, what: 'seed' });
      },
    );
    copySeed.classList.add('fact-button');
    this.root.replaceChildren(
      copySeed,
      fact(say('steps', steps)),
      fact(say('strength', strength)),
      ...(guidance === undefined ? [] : [fact(say('guidance', guidance))]),
      fact(`${model.name} ${model.version} · ${device.toUpperCase()}`),
      button({ icon: 'copy', label: say('copyProvenance'), kind: 'quiet' }, () => {
        this.#send({ type: 'copy', runId: id, what: 'provenance' });
      }),
      element('span', { class: 'again' }, this.#again('same', hasEnded), this.#again('new', hasEnded)),
    );
  }

  /** There from the start, so that the bar does not grow when the run ends. */
  #again(seed: 'same' | 'new', hasEnded: boolean): HTMLButtonElement {
    const look =
      seed === 'same'
        ? ({ icon: 'again', label: 'sameSeed', title: 'sameSeedTitle' } as const)
        : ({ icon: 'dice', label: 'newSeed', title: 'newSeedTitle' } as const);
    const made = button({ icon: look.icon, label: say(look.label), title: say(look.title) }, () => {
      if (this.#shown) this.#send({ type: 'again', runId: this.#shown.run.id, seed });
    });
    made.disabled = !hasEnded;
    return made;
  }
}
