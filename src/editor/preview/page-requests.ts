import { env, l10n, type TextDocument, window } from 'vscode';
import type { FromPreview, ToPreview } from '../../protocol/preview-messages.js';
import { Refusal } from '../failure.js';
import { acceptHunks } from '../review/accept.js';
import { rejectHunks } from '../review/reject.js';
import { type Run, textOf } from '../runs/run.js';
import { startRun } from '../runs/start-run.js';
import { newSeed } from '../runs/seed.js';
import type { Services } from '../services.js';
import type { LessonRuns } from './lesson-runs.js';

/** What a request of the page may reach. */
export interface RequestContext {
  readonly services: Services;
  readonly document: TextDocument;
  readonly lessons: LessonRuns;
  readonly send: (message: ToPreview) => void;
  /** Pictures of pending hunks are others now. */
  readonly picturesChanged: () => void;
}

type Request = Exclude<
  FromPreview,
  { type: 'ready' | 'scrolled' | 'reveal' | 'open-link' | 'allow-remote-pictures' | 'page-error' }
>;

/** Runs and lessons are there without the text of the document. */
const withoutText: ReadonlySet<Request['type']> = new Set([
  'draw',
  'copy',
  'stop',
  'stop-lesson',
  'race',
  'restore',
]);

/** Whether a request needs the document to be open. */
export function isAboutText({ type }: Request): boolean {
  return !withoutText.has(type);
}

/**
 * Does what the page asks for about the document and its runs. Names of hunks and runs count only for this document:
 * others are not found.
 * @throws Refusal with a sentence for the author
 */
export async function answerRequest(context: RequestContext, request: Request): Promise<void> {
  const { services, document, lessons } = context;
  const { runs, reviews } = services;
  const hunks = reviews.openHunksOf(document.uri);
  switch (request.type) {
    case 'accept':
      await accept(context, only(hunks, request.hunkId));
      break;
    case 'reject':
      await rejectHunks(services, document, only(hunks, request.hunkId));
      break;
    case 'accept-all':
      await accept(context, idsOf(hunks.filter(({ state }) => state === 'pending')));
      break;
    case 'reject-all':
      await rejectHunks(services, document, idsOf(hunks));
      break;
    case 'choose-variant': {
      const hunk = hunks.find(({ id }) => id === request.hunkId);
      if (hunk) reviews.choose(document.uri, hunk, request.index);
      break;
    }
    case 'accept-from': {
      const run = runOf(context, request.runId);
      await runs.rewind(run.id, request.pass);
      context.picturesChanged();
      await accept(context, idsOf(hunks.filter((hunk) => hunk.run === run.id && hunk.state === 'pending')));
      break;
    }
    case 'draw': {
      const run = runOf(context, request.runId);
      const frame = run.frames.find((timed) => timed.frame.pass === request.pass)?.frame;
      if (!frame) break;
      const pictures = await runs.draw(run, frame);
      context.send({
        type: 'drawn',
        runId: run.id,
        pass: request.pass,
        pictures: pictures.map(({ id, png }) => ({ id, png: new Uint8Array(png) })),
      });
      break;
    }
    case 'refine':
      await startRun(services, document, { kind: request.what === 'document' ? 'document' : 'slots' });
      break;
    case 'again':
      await runAgain(context, runOf(context, request.runId), request.seed);
      break;
    case 'stop':
      runs.stop(document.uri);
      break;
    case 'stop-lesson':
      lessons.stop();
      break;
    case 'copy':
      await copy(runOf(context, request.runId), request.what);
      break;
    case 'race':
      await lessons.race(request.seed);
      break;
    case 'restore':
      await lessons.restore(request.strength, request.seed);
      break;
  }
}

/** Clicks come faster than documents change: that nothing is left to accept is no fault. */
async function accept({ services, document }: RequestContext, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await acceptHunks(services, document, ids);
}

const idsOf = (hunks: readonly { readonly id: string }[]): string[] => hunks.map(({ id }) => id);

/** The hunk of that id if this document has it. A second click on a decided one is no fault. */
function only(hunks: readonly { readonly id: string }[], id: string): string[] {
  return idsOf(hunks).filter((other) => other === id);
}

function runOf({ services, document }: RequestContext, id: string): Run {
  const run = services.runs.byId(id);
  if (run?.document.toString() === document.uri.toString()) return run;
  throw new Refusal(l10n.t('This run is not remembered any more.'));
}

async function runAgain(
  { services, document }: RequestContext,
  run: Run,
  seed: 'same' | 'new',
): Promise<void> {
  await startRun(services, document, run.scope, {
    strength: run.strength,
    seed: seed === 'same' ? run.seed : newSeed(),
    text: textOf(run),
  });
}

async function copy(
  { seed, strength, guidance, steps, model, result }: Run,
  what: 'seed' | 'provenance',
): Promise<void> {
  const provenance = {
    model: model && { name: model.name, version: model.version, sha256: model.sha256 },
    device: result?.device ?? model?.device,
    threads: model?.threads,
    seed,
    steps: result?.steps ?? steps,
    strength,
    guidance,
  };
  await env.clipboard.writeText(what === 'seed' ? String(seed) : JSON.stringify(provenance, undefined, 2));
  window.setStatusBarMessage(l10n.t('OneFlow: copied.'), 3000);
}
