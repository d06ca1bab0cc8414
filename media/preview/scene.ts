/** What the document's place shows, worked out from the page's model: a text, what stands out in it, and what fills it. */
import type { Stretch, StretchForm } from '../../src/core/render/stretches.js';
import {
  type Hole,
  type PictureSource,
  type PreviewDocument,
  type PreviewFrame,
  type PreviewHunk,
  usualPictureSize,
} from '../../src/protocol/preview-messages.js';
import { missingWords } from './expected-length.js';
import type { Ages } from './freshness.js';
import type { PageModel } from './page-model.js';
import { RunPlaces } from './run-places.js';
import type { RunRecord } from './run-record.js';

/** What stands in a hole. */
export type Filling =
  | {
      readonly kind: 'text';
      readonly form: Hole['form'];
      readonly text: string;
      readonly ages: Ages | undefined;
      /** Gaps shown for words that are still to come. */
      readonly missing: number;
      /** 0–1 while a run works on it; undefined when none does. */
      readonly t: number | undefined;
    }
  | {
      readonly kind: 'picture';
      readonly alt: string;
      /** Edge of the finished picture, in pixels. */
      readonly size: number;
      readonly preview: PreviewFrame['pictures'][number]['preview'] | undefined;
      readonly source: PictureSource | undefined;
      readonly t: number | undefined;
    };

export interface Scene {
  readonly text: string;
  readonly stretches: readonly Stretch[];
  readonly fillings: ReadonlyMap<string, Filling>;
  /** Pictures of hunks, by id. */
  readonly pictures: ReadonlyMap<string, PreviewDocument['hunkPictures'][number]>;
  /** Hunks by the id that marks their place in the page. */
  readonly hunks: ReadonlyMap<string, PreviewHunk>;
  /** Whether a run is at work on it, so that nothing may move by itself. */
  readonly isLive: boolean;
  /** Between offsets of `text` and of the document as it is now; undefined when that is the document. */
  readonly places?: RunPlaces;
}

export function sceneOf(model: PageModel): Scene | undefined {
  const { shown } = model;
  if (shown.kind === 'step') {
    const { record, step } = shown;
    return {
      ...stepScene(record, step, (hole) => currentPicture(model, hole)),
      places: new RunPlaces(record.text, model.document?.text ?? record.text.text),
    };
  }
  return model.document && reviewScene(model, model.comparison === 'before' ? 'before' : 'after');
}

/** A run as it stood at a place of its timeline; `pictureNow` finds the picture that a hole redraws. */
export function stepScene(
  record: RunRecord,
  step: number,
  pictureNow: (hole: Hole) => PictureSource | undefined,
): Scene {
  const { run, end } = record;
  const frame = record.frame(step);
  const isResult = end !== undefined && step >= record.frameCount - 1;
  const spans = new Map(frame?.spans.map((span) => [span.id, span]));
  const pictures = new Map(frame?.pictures.map((picture) => [picture.id, picture]));
  const ages = record.ages(step);
  const drawn = frame && record.drawn(frame.pass);
  const decoded = record.decoded(step);
  const finalTexts = new Map(isResult ? end.spans.map(({ id, text }) => [id, text]) : []);
  const finalPictures = new Map(isResult ? end.pictures.map(({ id, source }) => [id, source]) : []);
  const fillings = run.holes.map((hole): [string, Filling] => {
    if (hole.kind === 'text') {
      const span = spans.get(hole.id);
      const text = finalTexts.get(hole.id) ?? span?.text ?? hole.before;
      const t = isResult ? 1 : (span?.t ?? 0);
      // Of a result nothing is new any more.
      const isFresh = !isResult && text === span?.text;
      const missing = frame === undefined && hole.before !== '' ? 0 : missingWords(hole, text, t);
      return [
        hole.id,
        { kind: 'text', form: hole.form, text, ages: isFresh ? ages?.get(hole.id) : undefined, missing, t },
      ];
    }
    const picture = pictures.get(hole.id);
    // Once its shapes have settled a picture that is decoded now and then says more than its last preview.
    const isSettled = (picture?.t ?? 0) >= 0.5;
    const png = drawn?.get(hole.id) ?? (isSettled ? decoded?.get(hole.id) : undefined);
    const current = picture ? undefined : pictureNow(hole);
    return [
      hole.id,
      {
        kind: 'picture',
        alt: hole.alt ?? '',
        size: hole.size ?? usualPictureSize,
        preview: picture?.preview,
        source: finalPictures.get(hole.id) ?? (png ? { png } : current),
        t: isResult ? 1 : (picture?.t ?? 0),
      },
    ];
  });
  return {
    text: run.text,
    stretches: run.holes.map(holeStretch),
    fillings: new Map(fillings),
    pictures: new Map(),
    hunks: new Map(),
    isLive: end === undefined,
  };
}

/** The document with its hunks as they are on one side, and with what is masked and waits for a run. */
export function reviewScene(model: PageModel, side: 'before' | 'after'): Scene {
  const document = model.document!;
  const hunks = document.hunks.filter(({ state }) => state !== 'accepted');
  const holes = document.holes.filter(
    ({ range }) => !hunks.some((hunk) => hunk.range.start <= range.start && range.end <= hunk.range.end),
  );
  const named = new Map<string, PreviewHunk>();
  const fillings = new Map<string, Filling>(holes.map((hole) => [hole.id, idleFilling(model, hole)]));
  const stretches = hunks.map((hunk): Stretch => {
    const form = formOf(hunk);
    const id = `hunk.${hunk.id}`;
    named.set(id, hunk);
    const base = { id, form, range: hunk.range };
    const isBefore = side === 'before' || hunk.state === 'displaced';
    if (form === 'destination' && isBefore) {
      fillings.set(id, emptyPicture(''));
      return { ...base, kind: 'hole' };
    }
    if (isBefore) return { ...base, kind: 'change' };
    for (const piece of hunk.after) if (typeof piece !== 'string') named.set(piece.picture, hunk);
    return { ...base, kind: 'change', pieces: hunk.after };
  });
  return {
    text: document.text,
    stretches: [...stretches, ...holes.map(holeStretch)],
    fillings,
    pictures: new Map(document.hunkPictures.map((picture) => [picture.id, picture])),
    hunks: named,
    isLive: false,
  };
}

function formOf({ kind, block, after }: PreviewHunk): StretchForm {
  if (kind === 'image' && after.length === 1 && typeof after[0] !== 'string') return 'destination';
  return block ? 'block' : 'inline';
}

function holeStretch({ id, form, range }: Hole): Stretch {
  return {
    id,
    kind: 'hole',
    form: form === 'slot' ? 'destination' : form === 'block' ? 'block' : 'inline',
    range,
  };
}

function idleFilling(model: PageModel, hole: Hole): Filling {
  if (hole.kind === 'picture') {
    return { ...emptyPicture(hole.alt ?? '', hole.size), source: currentPicture(model, hole) };
  }
  const { before } = hole;
  const missing = before === '' ? missingWords(hole, '', 0) : 0;
  return { kind: 'text', form: hole.form, text: before, ages: undefined, missing, t: undefined };
}

function emptyPicture(alt: string, size = usualPictureSize): Filling & { kind: 'picture' } {
  return { kind: 'picture', alt, size, preview: undefined, source: undefined, t: undefined };
}

/** The picture that is to be redrawn. */
function currentPicture(model: PageModel, hole: Hole): PictureSource | undefined {
  if (hole.before === '') return undefined;
  const uri = model.document?.pictures.find(({ destination }) => destination === hole.before)?.uri;
  return uri === undefined ? undefined : { uri };
}
