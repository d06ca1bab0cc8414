import type { PreviewRun, ToPreview } from '../../../src/protocol/preview-messages.js';
import { DocumentView } from '../document-view.js';
import { Painter } from '../paint.js';
import { RunRecord } from '../run-record.js';
import { stepScene } from '../scene.js';

/** A run of a lesson, shown as it goes on, and any step of it afterwards. */
export class Lane {
  readonly root: HTMLElement;
  readonly #view: DocumentView;
  readonly #pictures: ReadonlyMap<string, string>;
  readonly #painter: Painter;
  #record: RunRecord | undefined;
  #step: number | undefined;

  /** `pictures`: addresses of the pictures that the run's document has, by destination. */
  constructor(label: string, pictures: ReadonlyMap<string, string>, onPaint: () => void = () => undefined) {
    this.#view = new DocumentView(label);
    this.root = this.#view.root;
    this.#pictures = pictures;
    this.#painter = new Painter(() => {
      this.#paint();
      onPaint();
    });
  }

  get record(): RunRecord | undefined {
    return this.#record;
  }

  /** The pass that is shown. */
  get pass(): number {
    return this.#record?.frame(this.#step ?? Infinity)?.pass ?? 0;
  }

  start(run: PreviewRun): void {
    this.#record = new RunRecord(run);
    this.#step = undefined;
    this.#painter.request();
  }

  receive(message: ToPreview): void {
    if (message.type === 'frames') this.#record?.add(message.frames);
    if (message.type === 'run-ended') this.#record?.finish(message);
    this.#painter.request();
  }

  /** Shows a step of the run; undefined is its latest. */
  showStep(step: number | undefined): void {
    this.#step = step;
    this.#painter.request();
  }

  #paint(): void {
    const record = this.#record;
    if (!record) return;
    const scene = stepScene(record, this.#step ?? Infinity, ({ before }) => {
      const uri = this.#pictures.get(before);
      return uri === undefined ? undefined : { uri };
    });
    this.#view.show(scene, { addresses: this.#pictures, remote: false });
  }
}
