import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LoadedModel, Mode, RefineResult } from '../../protocol/engine-messages.js';
import { defaultStrength } from '../../protocol/limits.js';
import type { PreviewRun, ToPreview } from '../../protocol/preview-messages.js';
import { previewStrings } from '../../protocol/preview-strings.js';
import { Refusal } from '../failure.js';
import type { Services } from '../services.js';
import { previewFrame } from './preview-data.js';

interface Lesson {
  readonly purpose: PreviewRun['purpose'];
  readonly mode: Mode;
  readonly text: string;
  readonly strength: number;
  readonly seed: number;
}

/** The runs that explain on the page "How it works" what the model does. They touch no document of the author's. */
export class LessonRuns {
  readonly #services: Services;
  readonly #extensionPath: string;
  readonly #send: (message: ToPreview) => void;
  #stop = new AbortController();

  constructor(services: Services, extensionPath: string, send: (message: ToPreview) => void) {
    this.#services = services;
    this.#extensionPath = extensionPath;
    this.#send = send;
  }

  /** The same recipe in both modes, one after the other. */
  async race(seed: number): Promise<void> {
    const signal = this.#begin();
    const text = await readFile(path.join(this.#extensionPath, 'examples', 'tomato-soup.md'), 'utf8');
    for (const mode of ['concurrent', 'sequential'] as const) {
      await this.#run({ purpose: 'race', mode, text, strength: defaultStrength, seed }, signal);
    }
  }

  /** A sentence and a picture, corrupted that much and put together again. */
  async restore(strength: number, seed: number): Promise<void> {
    const { corruptExample, corruptExampleAlt } = previewStrings;
    const mask = (content: string): string => `<!--mask strength=${strength}-->\n${content}\n<!--/mask-->\n`;
    const text = `${mask(corruptExample)}\n${mask(`![${corruptExampleAlt}](lesson.png)`)}`;
    await this.#run({ purpose: 'restore', mode: 'concurrent', text, strength, seed }, this.#begin());
  }

  /** Ends what is going on; its page may be gone. */
  stop(): void {
    this.#stop.abort();
  }

  #begin(): AbortSignal {
    this.#stop.abort();
    this.#stop = new AbortController();
    return this.#stop.signal;
  }

  async #run(lesson: Lesson, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { engine, worker } = this.#services;
    const { text, strength, seed, mode } = lesson;
    const planned = await worker.call(
      'planRun',
      text,
      { kind: 'document' },
      {
        strength,
        imageSize: undefined,
        directory: path.join(this.#extensionPath, 'media'),
      },
    );
    if (!planned.ok) throw new Refusal(planned.error.message);
    const { plan } = planned;
    const holes = await worker.call('holesOfRun', plan);
    const id = randomUUID();
    const start = (model?: LoadedModel): void => {
      const steps = model?.defaults.steps ?? 0;
      this.#send({
        type: 'run-started',
        run: {
          id,
          ...lesson,
          inserted: [],
          holes: [...holes],
          passes: steps,
          steps,
          model: { name: model?.name ?? '', version: model?.version ?? '' },
          device: model?.device ?? '',
        },
      });
    };
    // What is to be done is seen while the model is loaded; the run is told again when the model is known.
    start();
    try {
      const result = await engine.use((used) => {
        start(used.model);
        const began = performance.now();
        return used.refine(
          { segments: [...plan.segments], seed, mode, decodeEvery: 8 },
          {
            signal,
            onFrame: (frame) => {
              const seconds = (performance.now() - began) / 1000;
              this.#send({ type: 'frames', runId: id, frames: [previewFrame({ seconds, frame })] });
            },
          },
        );
      });
      this.#end(id, result);
    } catch (error) {
      this.#fail(id, error);
      throw error;
    }
  }

  #end(runId: string, result: RefineResult): void {
    this.#send({
      type: 'run-ended',
      runId,
      outcome: result.interrupted ? 'stopped' : 'finished',
      forwardPasses: result.forwardPasses,
      seconds: result.seconds.refine,
      device: result.device,
      spans: result.spans.map(({ id, text }) => ({ id, text })),
      pictures: result.pictures.map(({ id, png }) => ({ id, source: { png: new Uint8Array(png) } })),
    });
  }

  #fail(runId: string, error: unknown): void {
    this.#send({
      type: 'run-ended',
      runId,
      outcome: 'failed',
      message: error instanceof Error ? error.message : String(error),
      forwardPasses: 0,
      seconds: 0,
      device: '',
      spans: [],
      pictures: [],
    });
  }
}
