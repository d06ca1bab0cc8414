import { Disposable, type Uri } from 'vscode';
import type { ToPreview } from '../../protocol/preview-messages.js';
import type { Run } from '../runs/run.js';
import type { Services } from '../services.js';
import { previewFrame, previewRun, previewRunEnd } from './preview-data.js';

/** Tells the page of a document's runs: those that are remembered, and what goes on. */
export class RunFeed {
  readonly #services: Services;
  readonly #document: Uri;
  readonly #send: (message: ToPreview) => void;
  readonly #subscriptions: Disposable;
  /** Runs that the page knows of. */
  readonly #told = new Set<string>();
  /** Messages go out in the order of the events, though some of them wait for the worker. */
  #queue: Promise<void> = Promise.resolve();

  constructor(services: Services, document: Uri, send: (message: ToPreview) => void) {
    this.#services = services;
    this.#document = document;
    this.#send = send;
    this.#subscriptions = Disposable.from(
      services.runs.onDidChange((run) => {
        if (this.#isMine(run)) this.#enqueue(() => this.#changed(run));
      }),
      services.runs.onFrame(({ run, frame }) => {
        if (!this.#isMine(run)) return;
        this.#enqueue(() => {
          this.#send({ type: 'frames', runId: run.id, frames: [previewFrame(frame)] });
        });
      }),
    );
  }

  /** Tells all remembered runs from their start; resolves when they are told, with whether there are any. */
  async tell(): Promise<boolean> {
    this.#told.clear();
    const runs = this.#services.runs.all.filter((one) => this.#isMine(one));
    for (const run of runs) this.#enqueue(() => this.#changed(run, true));
    await this.#queue;
    return runs.length > 0;
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #isMine({ document }: Run): boolean {
    return document.toString() === this.#document.toString();
  }

  /** A run has begun, or its state is another. */
  async #changed(run: Run, withFrames = false): Promise<void> {
    // Once when it waits, and again when its model is known.
    if (!this.#told.has(run.id) || run.state === 'running') {
      const holes = await this.#services.worker.call('holesOfRun', run.plan);
      this.#send({ type: 'run-started', run: previewRun(run, holes) });
      this.#told.add(run.id);
      if (withFrames && run.frames.length > 0) {
        this.#send({ type: 'frames', runId: run.id, frames: run.frames.map(previewFrame) });
      }
    }
    const end = previewRunEnd(run);
    if (end === undefined) return;
    this.#send(end);
    this.#forgetOld();
  }

  #forgetOld(): void {
    for (const runId of this.#told) {
      if (this.#services.runs.byId(runId)) continue;
      this.#told.delete(runId);
      this.#send({ type: 'run-forgotten', runId });
    }
  }

  #enqueue(task: () => void | Promise<void>): void {
    this.#queue = this.#queue.then(task).catch((error: unknown) => {
      this.#services.log.error(`The preview was not told of a run: ${String(error)}`);
    });
  }
}
