import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  type Disposable,
  EventEmitter,
  l10n,
  type LogOutputChannel,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { checkModelOptions } from '../../core/document/model-options.js';
import { maskOfSegment } from '../../core/document/span-parts.js';
import type { Place } from '../../core/document/types.js';
import type { RunScope } from '../../core/run-plan.js';
import { EngineError } from '../../engine/engine-error.js';
import type { EnginePort } from '../../engine/index.js';
import type { Frame, RefineRequest, RefineResult } from '../../protocol/engine-messages.js';
import type { Provenance } from '../../protocol/review.js';
import { reviewId } from '../../core/review/index.js';
import type { DocumentWorker } from '../documents/document-worker.js';
import { type EngineOwner, refuseIfUntrusted } from '../engine/engine-owner.js';
import { canRetry, Refusal } from '../failure.js';
import { type Move, movedUri } from '../moves.js';
import type { PendingPictures } from '../pictures/pending-pictures.js';
import type { Reviews } from '../review/reviews.js';
import { checkedEngineSettings, type EngineSettings, runSettings } from '../settings.js';
import { newSeed } from './seed.js';
import { FrameBudget } from './frame-budget.js';
import { isOver, type Run, type DrawnResult, type TimedFrame } from './run.js';

export interface StartOptions {
  /** The text that the places of the scope are about; on another one the run is refused. */
  readonly text?: string;
  readonly seed?: number;
  readonly strength?: number;
}

/** A run that has been started, and its end, which never rejects. */
export interface StartedRun {
  readonly run: Run;
  /** What its engine was started with: the settings may be others when it ends. */
  readonly engineSettings: EngineSettings;
  readonly end: Promise<Run>;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Every how many passes frames have the pictures as the decoder sees them. */
const decodeEvery = 8;

/**
 * The runs of this window. One at a time on a document, a second one is refused; runs on other documents wait for the
 * engine. The author goes on typing meanwhile: what a run makes are hunks, anchored when it begins.
 */
export class Runs {
  readonly #changed = new EventEmitter<Run>();
  readonly #framed = new EventEmitter<{ readonly run: Run; readonly frame: TimedFrame }>();
  /** A run has begun, or its state has changed. */
  readonly onDidChange = this.#changed.event;
  readonly onFrame = this.#framed.event;
  /** By document: what stops the run that is going on there. */
  readonly #stops = new Map<string, AbortController>();
  readonly #budget = new FrameBudget();
  readonly #disposables: readonly Disposable[];
  #runs: readonly Mutable<Run>[] = [];

  constructor(
    private readonly engine: EngineOwner,
    private readonly worker: DocumentWorker,
    private readonly reviews: Reviews,
    private readonly pictures: PendingPictures,
    private readonly log: LogOutputChannel,
  ) {
    this.#disposables = [
      reviews.onDidMove((move) => {
        this.#follow(move);
      }),
      workspace.onDidCloseTextDocument(({ isUntitled, isClosed, uri }) => {
        // Discarded: one that is saved goes on as a file, and its run with it.
        if (isUntitled && isClosed) this.stop(uri);
      }),
    ];
  }

  /** The last runs, the oldest first; those whose frames had to make room for later ones are not among them. */
  get all(): readonly Run[] {
    return this.#runs;
  }

  byId(id: string): Run | undefined {
    return this.#runs.find((run) => run.id === id);
  }

  /** The run that is going on on a document. */
  activeOn(document: Uri): Run | undefined {
    return this.#runs.find((run) => !isOver(run) && run.document.toString() === document.toString());
  }

  /**
   * Plans a run on the document as it is now and begins it.
   * @throws Refusal in Restricted Mode, when there is nothing to do, the marks have an error, a run is going on on the document, or
   * its text is not the one that the scope is about
   */
  async start(document: TextDocument, scope: RunScope, options: StartOptions = {}): Promise<StartedRun> {
    refuseIfUntrusted();
    const key = document.uri.toString();
    if (this.#stops.has(key)) {
      throw new Refusal(l10n.t('A run on this document is going on already; wait for it, or stop it.'));
    }
    const stop = new AbortController();
    this.#stops.set(key, stop);
    try {
      const text = document.getText();
      if (hasPlaces(scope) && (options.text ?? text) !== text) {
        throw new Refusal(
          l10n.t(
            'The document has changed meanwhile; start the run anew from the editor, at the place that it is about.',
          ),
        );
      }
      const settings = runSettings(document.uri);
      const strength = options.strength ?? settings.strength;
      const planned = await this.worker.call('planRun', text, scope, {
        strength,
        imageSize: settings.imageSize,
        directory: document.uri.scheme === 'file' ? path.dirname(document.uri.fsPath) : undefined,
      });
      if (!planned.ok) throw refusal(planned.error);
      if (document.isClosed) {
        throw new Refusal(
          l10n.t('The document was closed or renamed before the run could begin; start it again.'),
        );
      }
      // Those that it begins with: nothing is waited for from here on.
      const engineSettings = checkedEngineSettings();
      const run: Mutable<Run> = {
        id: randomUUID(),
        document: document.uri,
        scope,
        plan: planned.plan,
        seed: options.seed ?? settings.seed ?? newSeed(),
        steps: settings.steps,
        guidance: settings.guidance,
        strength,
        state: 'waiting',
        model: undefined,
        frames: [],
        result: undefined,
        suggestions: 0,
        failure: undefined,
        canRetry: false,
      };
      this.#runs = [...this.#runs, run];
      this.reviews.begin(document, run.id, planned.anchors, provenanceOf(run), text);
      this.#changed.fire(run);
      return {
        run,
        engineSettings,
        end: this.#perform(run, stop.signal).finally(() => {
          this.#release(stop);
        }),
      };
    } catch (error) {
      this.#release(stop);
      throw error;
    }
  }

  /** Stops the run on a document within one pass; what it has made so far is kept. */
  stop(document: Uri): void {
    this.#stops.get(document.toString())?.abort();
  }

  stopAll(): void {
    for (const stop of this.#stops.values()) stop.abort();
  }

  /**
   * Makes the state after `pass` the result of the run's hunks that are not accepted.
   * @throws Refusal when the run is over and forgotten; EngineError when its pictures cannot be drawn
   */
  async rewind(runId: string, pass: number): Promise<void> {
    const run = this.#runs.find(({ id }) => id === runId);
    const frame = run?.frames.find((timed) => timed.frame.pass === pass)?.frame;
    if (run === undefined || frame === undefined) {
      throw new Refusal(l10n.t('This run is not remembered any more; run it again with the same seed.'));
    }
    const pictures = await this.draw(run, frame);
    await this.#propose(run, { spans: frame.spans, pictures });
  }

  /** The pictures of a frame as files, of the size that is asked for. */
  async draw({ plan, seed, steps, model }: Run, frame: Frame): Promise<RefineResult['pictures']> {
    const segments = new Map(
      plan.segments.flatMap((segment) =>
        segment.kind === 'picture' ? [[segment.id, segment] as const] : [],
      ),
    );
    const pictures = frame.pictures.map(({ id, latents }) => ({
      segment: segments.get(id)!,
      latents,
    }));
    if (pictures.length === 0) return [];
    return this.engine.use((engine) =>
      engine.draw({ pictures, seed, steps: steps ?? model?.defaults.steps ?? frame.passes }),
    );
  }

  dispose(): void {
    this.stopAll();
    for (const disposable of this.#disposables) disposable.dispose();
    this.#changed.dispose();
    this.#framed.dispose();
  }

  /** Documents go on under other names, and with them their runs. */
  #follow(move: Move): void {
    for (const [document, stop] of [...this.#stops]) {
      const to = movedUri(Uri.parse(document), move);
      if (to === undefined) continue;
      this.#stops.delete(document);
      this.#stops.set(to.toString(), stop);
    }
    for (const run of this.#runs) {
      const to = movedUri(run.document, move);
      if (to === undefined) continue;
      run.document = to;
      this.#changed.fire(run);
    }
  }

  /** The document that a run was on, whatever its name is now, is free for another. */
  #release(stop: AbortController): void {
    for (const [document, other] of this.#stops) {
      if (other === stop) this.#stops.delete(document);
    }
  }

  async #perform(run: Mutable<Run>, signal: AbortSignal): Promise<Run> {
    try {
      const result = await unlessAborted(
        this.engine.use((engine) => this.#refine(run, engine, signal)),
        signal,
        // A run that has begun ends by itself, with what it has so far.
        () => run.state === 'waiting',
      );
      run.result = result;
      const isWanted = this.reviews.of(run.document) !== undefined;
      if (result !== undefined && result.forwardPasses > 0 && isWanted)
        await this.#propose(run, result, true);
      else this.reviews.end(run.document, run.id, []);
      this.#enter(run, result === undefined || result.interrupted ? 'stopped' : 'finished');
    } catch (error) {
      this.reviews.end(run.document, run.id, []);
      run.failure = failureOf(error, run);
      run.canRetry = canRetry(error);
      if (!(error instanceof EngineError || error instanceof Refusal)) this.log.error(error as Error);
      this.#enter(run, 'failed');
    }
    return run;
  }

  async #refine(
    run: Mutable<Run>,
    engine: EnginePort,
    signal: AbortSignal,
  ): Promise<RefineResult | undefined> {
    if (signal.aborted) return undefined;
    run.model = engine.model;
    const error = checkModelOptions(run.plan, engine.model);
    if (error) throw refusal(error);
    const request: RefineRequest = {
      segments: [...run.plan.segments],
      seed: run.seed,
      ...(run.steps !== undefined && { steps: run.steps }),
      ...(run.guidance !== undefined && { guidance: run.guidance }),
      decodeEvery,
    };
    let began: number | undefined;
    return engine.refine(request, {
      signal,
      onFrame: (frame) => {
        began ??= performance.now();
        if (run.state === 'waiting') this.#enter(run, 'running');
        const timed = { seconds: (performance.now() - began) / 1000, frame };
        run.frames = [...run.frames, timed];
        this.#budget.add(run.id, frame);
        this.#framed.fire({ run, frame: timed });
      },
    });
  }

  /** Hunks of what a run has made; when it `ends` with that, its places are given up. */
  async #propose(run: Mutable<Run>, result: DrawnResult, ends = false): Promise<void> {
    await this.#putPictures(run, result.pictures);
    const proposals = await this.worker.call('proposals', run.plan, {
      spans: result.spans.map(({ id, text }) => ({ id, text })),
      pictures: result.pictures.map(({ id, width, height }) => ({ id, width, height })),
    });
    if (!ends) this.reviews.propose(run.document, run.id, proposals);
    else run.suggestions = this.reviews.end(run.document, run.id, proposals, madeBy(run)).length;
  }

  /** Puts pictures where those of the document lie; once more when it has got another name meanwhile. */
  async #putPictures(run: Run, pictures: DrawnResult['pictures']): Promise<void> {
    let moves: Promise<void>;
    do {
      moves = this.reviews.moves;
      await moves;
      for (const { id, png } of pictures) {
        await this.pictures.put(run.document, reviewId(run.id, id), png);
      }
    } while (moves !== this.reviews.moves);
  }

  #enter(run: Mutable<Run>, state: Run['state']): void {
    run.state = state;
    if (isOver(run)) {
      const gone = new Set(this.#budget.overdue());
      this.#runs = this.#runs.filter(({ id }) => !gone.has(id));
    }
    this.#changed.fire(run);
  }
}

function hasPlaces({ kind }: RunScope): boolean {
  return kind === 'masks' || kind === 'ranges';
}

function provenanceOf({ seed, steps, guidance, strength }: Run): Provenance {
  return {
    // Known when it is loaded: `end` fills it in.
    model: { name: '', version: '', sha256: '' },
    device: 'cpu',
    seed,
    strength,
    ...(steps !== undefined && { steps }),
    ...(guidance !== undefined && { guidance }),
  };
}

/** What is only known when the run is over. */
function madeBy({ model, result }: Run): Partial<Provenance> {
  return {
    ...(model && { model: { name: model.name, version: model.version, sha256: model.sha256 } }),
    ...(result && { device: result.device, steps: result.steps }),
  };
}

/** One sentence; where it is about a mark, with its place when the run began. */
function failureOf(error: unknown, { plan }: Run): string {
  if (!(error instanceof Error)) return String(error);
  const segment = error instanceof EngineError ? error.segment : undefined;
  const mask = segment === undefined ? undefined : plan.masks.find(({ id }) => id === maskOfSegment(segment));
  return mask ? placed(error.message, mask) : error.message;
}

function placed(message: string, { line, column }: Place): string {
  return l10n.t('Line {0}, column {1}: {2}', line, column, message);
}

function refusal({ message, line, column }: { message: string; line?: number; column?: number }): Refusal {
  return new Refusal(
    line === undefined || column === undefined ? message : placed(message, { line, column }),
  );
}

/** What `work` comes to; undefined as soon as `signal` is aborted while `mayLeave`. The work itself goes on. */
async function unlessAborted<T>(
  work: Promise<T>,
  signal: AbortSignal,
  mayLeave: () => boolean,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      if (mayLeave()) resolve(undefined);
    };
    signal.addEventListener('abort', leave);
    if (signal.aborted) leave();
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', leave);
    });
  });
}
