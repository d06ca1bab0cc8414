/** What a run is about: which marks of a document, as segments for the engine. */
import * as l10n from '@vscode/l10n';
import type { Segment } from '../protocol/segments.js';
import {
  type DocumentWarning,
  type Mask,
  parseDocument,
  type Place,
  type Range,
  toSegments,
} from './document/index.js';
import { InsertedText } from './document/inserted.js';
import { placeOf, splitLines } from './document/lines.js';
import { maskForRun } from './marking/index.js';

export type RunScope =
  /** Every mask. */
  | { readonly kind: 'document' }
  /** The image slots. */
  | { readonly kind: 'slots' }
  /** The masked text. */
  | { readonly kind: 'text' }
  /** The masks that begin at these offsets. */
  | { readonly kind: 'masks'; readonly starts: readonly number[] }
  /** What lies in these ranges, marked or not. */
  | { readonly kind: 'ranges'; readonly ranges: readonly Range[] };

export interface RunPlanOptions {
  /** Where a mark does not say: 0–1. */
  readonly strength: number;
  /** Edge of new pictures in pixels, where a slot does not say; undefined is what the model package names. */
  readonly imageSize: number | undefined;
  /** Absolute path of the picture that a destination leads to; undefined when it is not at hand. */
  readonly resolvePicture: (destination: string) => string | undefined;
}

export interface RunPlan {
  /** The text with the marks that the run is about: the document's own, or a copy with further marks in it. */
  readonly marked: string;
  /** What was inserted into the copy: ranges of `marked`, ascending. */
  readonly inserted: readonly Range[];
  /** The masks that are refined: ranges in `marked`, lines and columns in the document as it is. */
  readonly masks: readonly Mask[];
  readonly segments: readonly Segment[];
  readonly warnings: readonly DocumentWarning[];
}

/** Why there can be no run: one sentence, and where, if there is a place. */
export interface RunRefusal extends Partial<Place> {
  readonly message: string;
}

export type RunPlanResult = { readonly ok: true; readonly plan: RunPlan } | RunFailure;

interface RunFailure {
  readonly ok: false;
  readonly error: RunRefusal;
}

interface MarkedChoice extends Pick<RunPlan, 'marked' | 'inserted'> {
  readonly ok: true;
  readonly isIn: (mask: Mask) => boolean;
}

/** Decides what a run on `source` is about; refuses with the first error of the document, or when there is nothing to do. */
export function planRun(source: string, scope: RunScope, options: RunPlanOptions): RunPlanResult {
  const choice = choose(source, scope);
  if (!choice.ok) return choice;
  const { marked, inserted, isIn } = choice;
  const parsed = parseDocument(marked);
  if (!parsed.ok) return parsed;
  const { document } = parsed;
  const masks = document.masks.filter(isIn);
  if (masks.length === 0) return { ok: false, error: { message: nothingToRefine(scope) } };
  const included = new Set(masks);
  const { segments, warnings } = toSegments(document, {
    include: (mask) => included.has(mask),
    strength: options.strength,
    resolvePicture: options.resolvePicture,
  });
  return {
    ok: true,
    plan: {
      marked,
      inserted,
      masks: inserted.length === 0 ? masks : masks.map(placedInText(marked, inserted)),
      segments: segments.map((segment) => withSize(segment, options.imageSize)),
      warnings: [...document.warnings.filter(({ range }) => !isInserted(range, inserted)), ...warnings],
    },
  };
}

/** The text to parse, and which of its masks the run is about. */
function choose(source: string, scope: RunScope): MarkedChoice | RunFailure {
  switch (scope.kind) {
    case 'document':
      return { ok: true, marked: source, inserted: [], isIn: () => true };
    case 'slots':
      return { ok: true, marked: source, inserted: [], isIn: ({ form }) => form === 'slot' };
    case 'text':
      return { ok: true, marked: source, inserted: [], isIn: ({ kind }) => kind === 'text' };
    case 'masks':
      return {
        ok: true,
        marked: source,
        inserted: [],
        isIn: ({ range }) => scope.starts.includes(range.start),
      };
    case 'ranges': {
      const copy = maskForRun(source, scope.ranges);
      if (!copy.ok) return { ok: false, error: { message: copy.reason } };
      return {
        ok: true,
        marked: copy.source,
        inserted: copy.inserted,
        isIn: ({ id }) => copy.maskIds.includes(id),
      };
    }
  }
}

/** Gives a mask of the copy `marked` the line and column that its author sees. */
function placedInText(marked: string, inserted: readonly Range[]): (mask: Mask) => Mask {
  const copy = new InsertedText(marked, inserted);
  const copyLines = splitLines(marked);
  const lines = splitLines(copy.text);
  return (mask) => {
    const offset = copyLines.starts[mask.line - 1]! + mask.column - 1;
    return { ...mask, ...placeOf(lines, copy.toText(offset)) };
  };
}

/** Marks that are in the copy alone are nobody's to mend. */
function isInserted({ start }: Range, inserted: readonly Range[]): boolean {
  return inserted.some((mark) => mark.start <= start && start < mark.end);
}

function withSize(segment: Segment, size: number | undefined): Segment {
  const isOpen = segment.kind === 'picture' && segment.masked && segment.size === undefined;
  return isOpen && size !== undefined ? { ...segment, size } : segment;
}

function nothingToRefine({ kind }: RunScope): string {
  switch (kind) {
    case 'slots':
      return l10n.t(
        'This document has no image slots: write `![what to draw](mask:)`, or use OneFlow: Insert Image Slot.',
      );
    case 'text':
      return l10n.t('This document has no masked text: select some and use OneFlow: Mask Selection.');
    case 'masks':
      return l10n.t('The mark is not there any more.');
    case 'ranges':
      return l10n.t('There is nothing to refine here: no text and no image slot.');
    case 'document':
      return l10n.t(
        'This document has no marks: select text and use OneFlow: Mask Selection, or insert an image slot.',
      );
  }
}
