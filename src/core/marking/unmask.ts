/** Unmask and Remove All Marks: takes marks out and leaves what they are around. */
import * as l10n from '@vscode/l10n';
import { deletion, moved } from '../document/edits.js';
import type { MarkedDocument, Mask, Range } from '../document/index.js';
import { lineAt } from '../document/lines.js';
import { joinRanges, removalOf } from '../document/mark-free.js';
import { refuseAll } from './mask-each.js';
import { readManuscript } from './manuscript.js';
import { refused, type MarkingResult, type MarkingRefusal } from './types.js';
import type { TextEdit } from '../document/index.js';

/** Takes out the marks of the masks that each of `ranges` of `source` (or a cursor) touches. Text and pictures stay. */
export function unmask(source: string, ranges: readonly Range[]): MarkingResult {
  const { document, reading } = readManuscript(source);
  const wanted = new Set<Mask>();
  for (const range of ranges) {
    const touched = masksAt(document, range);
    const spans = touched.filter(({ form }) => form !== 'slot');
    if (spans.length === 0) {
      const refusal = refused(
        touched.length > 0 || slotAt(document, range)
          ? l10n.t('An image slot has no marks around it: fill it, or delete it like any other text.')
          : l10n.t('There is no mask here; put the cursor in one.'),
      );
      return ranges.length > 1 ? refuseAll(lineAt(reading.lines, range.start) + 1, refusal) : refusal;
    }
    for (const span of spans) wanted.add(span);
  }
  const edits = asEdits(
    source,
    [...wanted].flatMap((mask) => marksOf(document, mask)),
  );
  const selections = ranges.map(({ start, end }) => ({ start: moved(start, edits), end: moved(end, edits) }));
  return { ok: true, edits, selections };
}

/** The masks that a selection shares something with; at a cursor between two masks, the one that follows. */
function masksAt({ masks, layout }: MarkedDocument, { start, end }: Range): readonly Mask[] {
  const extent = (mask: Mask): Range => layout.spans.get(mask.id)?.block?.lines ?? mask.range;
  if (start < end) return masks.filter((mask) => extent(mask).start < end && start < extent(mask).end);
  const around = masks.filter((mask) => extent(mask).start <= start && start < extent(mask).end);
  return around.length > 0 ? around : masks.filter((mask) => extent(mask).end === start);
}

function slotAt({ layout, masks }: MarkedDocument, range: Range): boolean {
  const slots = new Set(masks.filter(({ form }) => form === 'slot').map(({ id }) => id));
  return layout.pictures.some(
    ({ maskId, range: { start, end } }) =>
      maskId !== undefined && slots.has(maskId) && start <= range.end && range.start <= end,
  );
}

export interface RemovedMarks {
  readonly ok: true;
  readonly edits: readonly TextEdit[];
  /** Image slots that stay: behind a slot is nothing that could take its place. */
  readonly slots: number;
}

/**
 * Takes all marks of `source` out, those that lack their partner too. Text, pictures and image slots stay, and so do
 * comments that begin with “mask” but are not well-formed: they may be an author's own.
 */
export function removeAllMarks(source: string): RemovedMarks | MarkingRefusal {
  const { reading, document } = readManuscript(source);
  const ofMasks = document.masks.flatMap((mask) => marksOf(document, mask));
  const others = reading.marks
    .filter(({ mark, position }) => position.kind !== 'text' && !mark.fault)
    .filter(({ mark }) => !ofMasks.some(({ start, end }) => start <= mark.start && mark.end <= end))
    .map(({ mark }) => removalOf(mark, reading.lines, reading.bodyStart));
  const edits = asEdits(source, [...ofMasks, ...others]);
  const slots = document.masks.filter(({ form }) => form === 'slot').length;
  if (edits.length > 0) return { ok: true, edits, slots };
  return refused(
    slots > 0
      ? l10n.t(
          'This document has image slots but no other marks; fill them, or delete them like any other text.',
        )
      : l10n.t('This document has no marks.'),
  );
}

/** What the marks of a span take up: own-line ones their lines; empty ones with the space between them. */
function marksOf({ source, layout }: MarkedDocument, mask: Mask): Range[] {
  const span = layout.spans.get(mask.id);
  if (!span) return [];
  const { content, block } = span;
  if (!block) {
    if (mask.before.trim() === '') return [mask.range];
    return [
      { start: mask.range.start, end: content.start },
      { start: content.end, end: mask.range.end },
    ];
  }
  const { lines } = block;
  const isOneLine = content.start === content.end && source[content.start - 1] === '>';
  const opener = { start: lines.start, end: isOneLine ? lines.end : content.start };
  const closer = { start: isOneLine ? lines.end : content.end, end: lines.end };
  if (block.finalLineEnd !== '') return [opener, closer];
  // A document without a final newline keeps none.
  const last = isOneLine ? opener : closer;
  const lineEnd = /\r\n$|[\r\n]$/.exec(source.slice(0, last.start).slice(-2))?.[0].length ?? 0;
  const whole = { start: last.start - lineEnd, end: last.end };
  return isOneLine ? [whole] : [opener, { ...whole, start: Math.max(opener.end, whole.start) }];
}

/** Deletions of `ranges`. They join no CR and LF to one line end: that would take a blank line out. */
function asEdits(source: string, ranges: readonly Range[]): TextEdit[] {
  const sorted = ranges.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start);
  return joinRanges(sorted).map(({ start, end }) => {
    if (source[start - 1] !== '\r' || source[end] !== '\n') return deletion({ start, end });
    // A line of its own goes with the line end before it; else a space takes the place of the marks.
    return source[end - 1] === '\n'
      ? deletion({ start: start - 1, end: end - 1 })
      : { range: { start, end }, text: ' ' };
  });
}
