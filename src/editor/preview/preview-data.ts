/** What the extension knows of runs and reviews, in the words of the preview's page. Offsets stay what they are. */
import type { Frame } from '../../protocol/engine-messages.js';
import type {
  Hole,
  PreviewFrame,
  PreviewHunk,
  PreviewRun,
  PreviewRunEnd,
} from '../../protocol/preview-messages.js';
import type { Hunk } from '../../protocol/review.js';
import { isOver, type Run } from '../runs/run.js';

/** The parts of a hunk's variants that tell which of them it shows. */
export type VariantMark = Pick<Hunk, 'run' | 'after'>;

/** Undefined for one that there is nothing to see of: its run is going on, or the author has written over it. */
export function previewHunk(
  hunk: Hunk,
  text: string,
  variants: readonly VariantMark[],
): PreviewHunk | undefined {
  const { id, run, kind, state, place, before, after, provenance } = hunk;
  if (after === undefined || state === 'running' || state === 'edited') return undefined;
  const index = variants.findIndex((variant) => variant.after === after);
  return {
    id,
    kind,
    block: isWholeLines(text, place),
    state,
    range: place,
    before,
    after: after.map((piece) => (typeof piece === 'string' ? piece : { ...piece })),
    variant: { index: Math.max(0, index), count: Math.max(1, variants.length) },
    runId: run,
    seed: provenance.seed,
  };
}

/** Whether a place is lines of its own; what is before it may only continue quotes and lists. */
function isWholeLines(text: string, { start, end }: Hunk['place']): boolean {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const isAtStart = start === 0 || /^[ \t>]*$/.test(text.slice(lineStart, start));
  return (
    isAtStart && (end === text.length || /[\r\n]/.test(text[end - 1] ?? '') || /[\r\n]/.test(text[end]!))
  );
}

export function previewRun(run: Run, holes: readonly Hole[]): PreviewRun {
  const { id, plan, seed, steps, strength, guidance, model } = run;
  // The page is told again when the model, and so its number of steps, is known.
  const planned = steps ?? model?.defaults.steps ?? 0;
  return {
    id,
    purpose: 'document',
    mode: 'concurrent',
    text: plan.marked,
    inserted: plan.inserted.map((range) => ({ ...range })),
    holes: [...holes],
    passes: planned,
    steps: planned,
    seed,
    strength,
    ...(guidance !== undefined && { guidance }),
    model: { name: model?.name ?? '', version: model?.version ?? '' },
    device: model?.device ?? '',
  };
}

/** Without the latents, which only the engine can read. */
export function previewFrame({
  seconds,
  frame,
}: {
  readonly seconds: number;
  readonly frame: Frame;
}): PreviewFrame {
  return {
    pass: frame.pass,
    passes: frame.passes,
    seconds,
    spans: frame.spans.map(({ id, t, text, fresh }) => ({
      id,
      t,
      text,
      fresh: fresh.map(([start, end]) => [start, end]),
    })),
    pictures: frame.pictures.map(({ id, t, preview, png }) => ({ id, t, preview, ...(png && { png }) })),
  };
}

/** Undefined while it is going on. */
export function previewRunEnd(run: Run): PreviewRunEnd | undefined {
  const { id, state, failure, result, frames } = run;
  if (!isOver(run)) return undefined;
  return {
    type: 'run-ended',
    runId: id,
    outcome: state === 'failed' ? 'failed' : state === 'stopped' ? 'stopped' : 'finished',
    ...(failure !== undefined && { message: failure }),
    forwardPasses: result?.forwardPasses ?? frames.at(-1)?.frame.pass ?? 0,
    seconds: result?.seconds.refine ?? frames.at(-1)?.seconds ?? 0,
    device: result?.device ?? run.model?.device ?? '',
    spans: (result?.spans ?? []).map(({ id: span, text }) => ({ id: span, text })),
    pictures: (result?.pictures ?? []).map(({ id: picture, png }) => ({ id: picture, source: { png } })),
  };
}
