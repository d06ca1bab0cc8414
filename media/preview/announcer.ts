import { element } from './dom.js';
import type { PageModel } from './page-model.js';
import { say, toReview } from './strings.js';

/** Says to a screen reader how far a run is: at every quarter and at its end, not at every step. */
export class Announcer {
  readonly root = element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
  #runId: string | undefined;
  #quarter = 0;
  #ended = false;

  update(model: PageModel): void {
    const record = model.running ?? model.run;
    if (!record) return;
    if (record.run.id !== this.#runId) {
      this.#runId = record.run.id;
      this.#quarter = 0;
      // A run that was over when the page came to know of it is no news.
      this.#ended = record.end !== undefined;
    }
    const { end, pass, passes } = record;
    if (end === undefined) {
      const quarter = Math.floor((4 * pass) / passes);
      if (quarter > this.#quarter && quarter < 4) this.#say(say('milestone', pass, passes));
      this.#quarter = Math.max(this.#quarter, quarter);
    } else if (!this.#ended && (end.outcome !== 'finished' || model.settling === undefined)) {
      this.#ended = true;
      if (end.outcome === 'failed') this.#say(say('milestoneFailed', end.message ?? ''));
      else if (end.outcome === 'stopped') this.#say(say('milestoneStopped', pass));
      else this.#sayResult(model.pendingCount);
    }
  }

  /** Once what came of the run is under review. */
  #sayResult(pending: number): void {
    this.#say(pending === 0 ? say('milestoneNothing') : say('milestoneDone', toReview(pending)));
  }

  #say(text: string): void {
    this.root.textContent = text;
  }
}
