/** Where the parts of a document lie that a run refines: what the preview shows being filled. */
import type { Hole } from '../../protocol/preview-messages.js';
import { modelText, spanPartsOf, trimmed } from './span-parts.js';
import type { MarkedDocument, Mask, Range } from './types.js';

/**
 * One hole for each segment that masks of a document become, with the segment's id and in document order. A span
 * without pictures is one hole, its marks included; of one with pictures each stretch of text is a hole.
 */
export function holesOf(document: MarkedDocument, include: (mask: Mask) => boolean = () => true): Hole[] {
  return document.masks
    .filter(include)
    .flatMap((mask) => (mask.kind === 'text' ? textHoles(document, mask) : [pictureHole(mask)]))
    .sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
}

/** With an edge to reserve room for, where the mark does not say: a setting's, say. */
export function withSize(hole: Hole, size: number | undefined): Hole {
  return hole.kind === 'picture' && hole.size === undefined && size !== undefined ? { ...hole, size } : hole;
}

function textHoles(document: MarkedDocument, mask: Mask): Hole[] {
  const { options } = mask;
  const form = mask.form === 'slot' ? 'inline' : mask.form;
  const parts = spanPartsOf(document, mask);
  return parts.flatMap((part): Hole[] => {
    if (part.kind !== 'text' || part.id === undefined) return [];
    const before = trimmed(modelText(document, mask, part.range)).core;
    return [
      {
        id: part.id,
        kind: 'text',
        form,
        range: parts.length === 1 ? mask.range : withoutWhiteSpace(document.source, part.range),
        before,
        ...(options.length !== undefined && { length: options.length }),
        ...(options.max !== undefined && { max: options.max }),
      },
    ];
  });
}

function pictureHole(mask: Mask): Hole {
  return {
    id: mask.id,
    kind: 'picture',
    form: mask.form,
    range: mask.range,
    before: mask.form === 'slot' ? '' : mask.before,
    alt: mask.alt ?? '',
    ...(mask.options.size !== undefined && { size: mask.options.size }),
  };
}

function withoutWhiteSpace(source: string, { start, end }: Range): Range {
  const { lead, core } = trimmed(source.slice(start, end));
  // A stretch of nothing but white space keeps its place at its end, before the picture that follows.
  return core === ''
    ? { start: end, end }
    : { start: start + lead.length, end: start + lead.length + core.length };
}
