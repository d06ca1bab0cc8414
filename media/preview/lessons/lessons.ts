import type { FromPreview, ToPreview } from '../../../src/protocol/preview-messages.js';
import { element } from '../dom.js';
import { say } from '../strings.js';
import { CorruptionLesson } from './corruption.js';
import { FlowLesson } from './flow-lesson.js';
import { RaceLesson } from './race.js';

/** The page "How it works". Its lessons are built when it is first shown. */
export class Lessons {
  readonly root = element('div', { class: 'lessons', hidden: true });
  readonly #send: (message: FromPreview) => void;
  #lessons:
    | { readonly flow: FlowLesson; readonly corruption: CorruptionLesson; readonly race: RaceLesson }
    | undefined;
  #restriction: string | undefined;
  /** Runs of lessons that are going on: which lesson each belongs to. */
  readonly #runs = new Map<string, 'race' | 'restore'>();

  constructor(send: (message: FromPreview) => void) {
    this.#send = send;
  }

  /** Takes what belongs to a lesson's run; false when it does not. */
  receive(message: ToPreview): boolean {
    if (message.type === 'run-started') {
      if (message.run.purpose === 'document') return false;
      this.#runs.set(message.run.id, message.run.purpose);
    } else if (message.type !== 'frames' && message.type !== 'run-ended') {
      return false;
    }
    const id = message.type === 'run-started' ? message.run.id : message.runId;
    const purpose = this.#runs.get(id);
    if (purpose === undefined) return false;
    if (purpose === 'race') this.#lessons?.race.receive(message);
    else this.#lessons?.corruption.receive(message);
    if (message.type === 'run-ended') this.#runs.delete(id);
    return true;
  }

  setRestriction(restriction: string | undefined): void {
    this.#restriction = restriction;
    this.#lessons?.race.setRestriction(restriction);
    this.#lessons?.corruption.setRestriction(restriction);
  }

  show(isShown: boolean, picture: string): void {
    this.root.hidden = !isShown;
    if (isShown && !this.#lessons) {
      const flow = new FlowLesson();
      const corruption = new CorruptionLesson(this.#send, picture);
      const race = new RaceLesson(this.#send);
      this.#lessons = { flow, corruption, race };
      this.root.append(
        element('p', { class: 'intro' }, say('lessonsIntro')),
        flow.root,
        corruption.root,
        race.root,
      );
      this.setRestriction(this.#restriction);
    }
    this.#lessons?.flow.setShown(isShown);
  }
}
