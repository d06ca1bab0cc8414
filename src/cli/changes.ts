import {
  isStructure,
  type MarkedDocument,
  type Mask,
  planChanges,
  type Results,
} from '../core/document/index.js';

/** Where the result of a mask stands in the refined document. */
export interface PlacedChange {
  readonly maskId: string;
  readonly kind: Mask['kind'];
  readonly start: number;
  readonly end: number;
  /** Whole lines rather than a stretch inside one. */
  readonly block: boolean;
}

/** Where the changes end up, in document order. Slots inside a refined span are part of its change. */
export function placeChanges(document: MarkedDocument, results: Results): readonly PlacedChange[] {
  const masks = new Map(document.masks.map((mask) => [mask.id, mask]));
  let shift = 0;
  return planChanges(document, results).map(({ maskId, range, text }) => {
    const start = range.start + shift;
    shift += text.length - (range.end - range.start);
    const { kind, form } = masks.get(maskId)!;
    return { maskId, kind, start, end: start + text.length, block: form === 'block' };
  });
}

/** The masks of text, among those with a change, that come out without a word. */
export function emptyMasks(
  document: MarkedDocument,
  text: string,
  changes: readonly PlacedChange[],
): readonly Mask[] {
  const emptied = changes.filter(
    ({ kind, start, end }) => kind === 'text' && isStructure(text.slice(start, end)),
  );
  const ids = new Set(emptied.map(({ maskId }) => maskId));
  return document.masks.filter(({ id }) => ids.has(id));
}
