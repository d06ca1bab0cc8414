/** Masks at one or several places of a document at once: all of them or, with the reason, none. */
import * as l10n from '@vscode/l10n';
import { lineAt } from '../document/lines.js';
import type { Range } from '../document/index.js';
import { editsOf, isSound, refuseUnsound, type Manuscript, type MaskDraft } from './manuscript.js';
import { refused, type MarkingResult, type MarkingRefusal } from './types.js';

/** The ways to mask a place, the best first, and what to say when none of them is sound; or why there can be none. */
export type MaskWays =
  | {
      readonly ok: true;
      readonly ways: readonly (readonly MaskDraft[])[];
      readonly otherwise: MarkingRefusal;
    }
  | MarkingRefusal;

/** Makes at each of `places`, source ranges in any order, the first of its `waysAt` that is sound. */
export function maskEach(
  manuscript: Manuscript,
  places: readonly Range[],
  waysAt: (place: Range) => MaskWays,
): MarkingResult {
  // Two masks may pair with the marks that are wrong already, and look sound together.
  if (places.length > 1 && manuscript.problems.length > 0) return refuseUnsound(manuscript);
  const found: { readonly place: Range; readonly masks: MaskWays & { readonly ok: true } }[] = [];
  const refuse = ({ start }: Range, refusal: MarkingRefusal): MarkingRefusal =>
    places.length > 1 ? refuseAll(lineOf(manuscript, start), refusal) : refusal;
  for (const place of places) {
    const masks = waysAt(place);
    if (!masks.ok) return refuse(place, masks);
    found.push({ place, masks });
  }
  // Most often the best ways are sound all together; then no place has to be tried by itself.
  const best = outermost(
    found.flatMap(({ masks }) => masks.ways[0] ?? []),
    (draft) => draft,
  );
  const isEach = found.every(({ masks }) => masks.ways.length > 0);
  if (isEach && !overlapping(best) && isSound(manuscript, best)) return made(best);

  const sound: MaskDraft[] = [];
  for (const { place, masks } of found) {
    const way = masks.ways.find((drafts) => isSound(manuscript, drafts));
    if (!way) return refuse(place, masks.otherwise);
    sound.push(...way);
  }
  const drafts = outermost(sound, (draft) => draft);
  const clash = overlapping(drafts) ?? firstUnsound(manuscript, drafts);
  return clash ? refuseTogether(manuscript, clash) : made(drafts);
}

/** Why nothing is done at several places: because of one of them. */
export function refuseAll(line: number, { reason }: MarkingRefusal): MarkingRefusal {
  return refused(l10n.t('Nothing was changed, because of line {0}: {1}', line, reason));
}

/** `draft` is the second of two that cannot both be made. */
export function refuseTogether(manuscript: Manuscript, draft: MaskDraft): MarkingRefusal {
  const line = lineOf(manuscript, extentOf(draft).start);
  return refused(
    l10n.t(
      'The selection on line {0} cannot be masked apart from the one before it; select both as one.',
      line,
    ),
  );
}

/**
 * `items` in the order of the document, without those whose draft lies within another's: where selections grow to a
 * place where marks may stand, it may be the same.
 */
export function outermost<T>(items: readonly T[], draftOf: (item: T) => MaskDraft): T[] {
  const sorted = items
    .map((item) => ({ item, draft: draftOf(item), ...extentOf(draftOf(item)) }))
    .sort((a, b) => a.start - b.start || b.end - a.end);
  let last: (typeof sorted)[number] | undefined;
  return sorted.flatMap((next) => {
    if (last && next.end <= last.end && isMadeBy(last.draft, next.draft)) return [];
    last = next;
    return [next.item];
  });
}

/** The first of `drafts`, which are ascending, that begins before the one before it has ended. */
export function overlapping(drafts: readonly MaskDraft[]): MaskDraft | undefined {
  return drafts.find((draft, index) => index > 0 && extentOf(draft).start < extentOf(drafts[index - 1]!).end);
}

/** The first of `drafts` that is not sound with those before it. */
function firstUnsound(manuscript: Manuscript, drafts: readonly MaskDraft[]): MaskDraft | undefined {
  if (isSound(manuscript, drafts)) return undefined;
  return drafts.find((_, index) => !isSound(manuscript, drafts.slice(0, index + 1)));
}

/** The edits of `drafts`, with what is between the marks of each selected; of an empty mask, the place right behind it. */
function made(drafts: readonly MaskDraft[]): MarkingResult {
  let shift = 0;
  const selections = drafts.map(({ edits }) => {
    const [opener, closer] = edits;
    const { range, text: put } = opener!;
    const length = closer ? put.length : put.lastIndexOf('-->') + '-->'.length;
    const start = range.start + shift + length;
    const end = closer ? closer.range.start + shift + length : start;
    for (const { text } of edits) shift += text.length;
    return { start, end };
  });
  return { ok: true, edits: editsOf(drafts), selections };
}

function extentOf({ edits }: MaskDraft): Range {
  return { start: edits[0]!.range.start, end: edits.at(-1)!.range.end };
}

/** Whether `outer` makes `inner`, which lies in it, superfluous. An empty mask is so only beside its equal. */
function isMadeBy(outer: MaskDraft, inner: MaskDraft): boolean {
  const isFilled = inner.edits.length > 1;
  return isFilled ? outer.kind === inner.kind : JSON.stringify(outer.edits) === JSON.stringify(inner.edits);
}

function lineOf({ reading }: Manuscript, offset: number): number {
  return lineAt(reading.lines, offset) + 1;
}
