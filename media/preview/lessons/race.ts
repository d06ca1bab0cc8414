import type { FromPreview, PreviewRun, ToPreview } from '../../../src/protocol/preview-messages.js';
import { button, element, setText } from '../dom.js';
import { oneDigit, say } from '../strings.js';
import { Lane } from './lane.js';
import { stopButton } from './stop-button.js';

/** Milliseconds of a pass when both runs are played again beside each other. */
const passTime = 60;

interface Runner {
  readonly lane: Lane;
  readonly passes: HTMLElement;
  readonly bar: HTMLElement;
  runId: string | undefined;
}

/**
 * The same document refined in both modes, passes counted. The engine works on one run after the other; when both are
 * done they are played again side by side, a pass of one with a pass of the other.
 */
export class RaceLesson {
  readonly root: HTMLElement;
  readonly #start: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #verdict = element('p', { class: 'verdict', role: 'status' });
  readonly #runners: Readonly<Record<'concurrent' | 'sequential', Runner>>;
  #seed = 7;
  #replay: ReturnType<typeof setInterval> | undefined;
  #restriction: string | undefined;

  constructor(send: (message: FromPreview) => void) {
    this.#start = button({ icon: 'play', label: say('raceStart'), kind: 'primary' }, () => {
      this.#seed += 1;
      clearInterval(this.#replay);
      this.#setRunning(true);
      setText(this.#verdict, say('raceWaiting'));
      send({ type: 'race', seed: this.#seed });
    });
    this.#stop = stopButton(send);
    const runner = (label: string): Runner => ({
      lane: new Lane(label, new Map(), () => {
        this.#update();
      }),
      passes: element('output', { class: 'passes' }, say('racePasses', 0)),
      bar: element('div', { class: 'race-bar', 'aria-hidden': 'true' }),
      runId: undefined,
    });
    this.#runners = { concurrent: runner(say('raceConcurrent')), sequential: runner(say('raceSequential')) };
    const column = (name: string, { lane, passes, bar }: Runner): HTMLElement =>
      element('div', { class: 'race-lane' }, element('h3', {}, name, passes), bar, lane.root);
    this.root = element(
      'section',
      { class: 'lesson' },
      element('h2', {}, say('raceTitle')),
      element('p', {}, say('raceText')),
      element('div', { class: 'lesson-controls' }, this.#start, this.#stop, this.#verdict),
      element(
        'div',
        { class: 'race' },
        column(say('raceConcurrent'), this.#runners.concurrent),
        column(say('raceSequential'), this.#runners.sequential),
      ),
    );
  }

  setRestriction(restriction: string | undefined): void {
    if (restriction === this.#restriction) return;
    this.#restriction = restriction;
    this.#start.disabled = restriction !== undefined;
    setText(this.#verdict, restriction === undefined ? '' : say('lessonUnavailable', restriction));
  }

  receive(message: ToPreview): void {
    if (message.type === 'run-started') {
      this.#started(message.run);
    } else if (message.type === 'frames' || message.type === 'run-ended') {
      const runner = Object.values(this.#runners).find(({ runId }) => runId === message.runId);
      runner?.lane.receive(message);
      if (message.type === 'run-ended')
        this.#ended(message.outcome === 'failed' ? message.message : undefined);
    }
  }

  /** The concurrent run is the first: with it both go to the start. */
  #started(run: PreviewRun): void {
    const { concurrent, sequential } = this.#runners;
    if (run.mode === 'concurrent') {
      sequential.runId = undefined;
      sequential.lane.start({ ...run, mode: 'sequential' });
    }
    const runner = run.mode === 'concurrent' ? concurrent : sequential;
    runner.runId = run.id;
    runner.lane.start(run);
    setText(this.#verdict, run.model.name === '' ? say('raceWaiting') : '');
  }

  #setRunning(isRunning: boolean): void {
    this.#start.disabled = isRunning;
    this.#stop.hidden = !isRunning;
  }

  #ended(failure: string | undefined): void {
    const { concurrent, sequential } = this.#runners;
    const ends = [concurrent.lane.record?.end, sequential.lane.record?.end];
    if (failure !== undefined || ends.some((end) => end?.outcome === 'stopped')) {
      setText(this.#verdict, failure ?? '');
      this.#setRunning(false);
    } else if (ends[0] && ends[1]) {
      const [few, many] = [ends[0].forwardPasses, ends[1].forwardPasses];
      setText(this.#verdict, say('raceResult', many, few, oneDigit(many / Math.max(1, few))));
      this.#setRunning(false);
      this.#playBoth();
    }
  }

  #playBoth(): void {
    let step = 0;
    const lanes = Object.values(this.#runners).map(({ lane }) => lane);
    const last = Math.max(...lanes.map(({ record }) => record?.frameCount ?? 0));
    clearInterval(this.#replay);
    this.#replay = setInterval(() => {
      const isOver = step >= last;
      for (const lane of lanes) lane.showStep(isOver ? undefined : step);
      if (isOver) clearInterval(this.#replay);
      step += 1;
    }, passTime);
  }

  #update(): void {
    const most = Math.max(...Object.values(this.#runners).map(({ lane }) => lane.record?.passes ?? 1));
    for (const { lane, passes, bar } of Object.values(this.#runners)) {
      const { record } = lane;
      if (!record) continue;
      const pass = lane.pass;
      const isOver = record.end !== undefined && pass >= record.pass;
      setText(
        passes,
        isOver
          ? say('raceDone', record.end!.forwardPasses, oneDigit(record.seconds))
          : say('racePasses', pass),
      );
      bar.style.setProperty('--done', String(pass / most));
    }
  }
}
