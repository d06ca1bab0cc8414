/**
 * From masks to hunks: where they are when a run begins, and what is proposed for them when it ends. Imported apart
 * from the rest of this folder, since it needs the parsed document: where the document is parsed, and nowhere else.
 */
import {
  type MarkedDocument,
  type Mask,
  planChanges,
  type Range,
  type SegmentResult,
} from '../document/index.js';
import { InsertedText } from '../document/inserted.js';
import type { Anchor, Proposal } from './runs.js';
import type { Piece } from '../../protocol/review.js';

/** A document, and which of its masks a run is about. */
export interface Plan {
  readonly document: MarkedDocument;
  include(mask: Mask): boolean;
  /**
   * Where `document` is a copy with marks put in for this run: their ranges in it, ascending. What comes out belongs to
   * the text without them.
   */
  readonly inserted?: readonly Range[];
}

/** The parts of a run's result that a proposal is made of. */
export interface RunResult {
  readonly spans: readonly { readonly id: string; readonly text: string }[];
  readonly pictures: readonly { readonly id: string; readonly width: number; readonly height: number }[];
}

/** A place for every included mask, in document order; a span takes the slots within it along. */
export function anchorsOf(plan: Plan): Anchor[] {
  const { source } = plan.document;
  const inserted = new InsertedText(source, plan.inserted ?? []);
  const anchors: Anchor[] = [];
  let span: { readonly end: number; readonly pictures: Anchor['pictures'][number][] } | undefined;
  for (const mask of plan.document.masks) {
    if (!plan.include(mask)) continue;
    const picture = { id: mask.id, alt: mask.alt ?? '' };
    if (span && mask.range.end <= span.end) {
      span.pictures.push(picture);
      continue;
    }
    const { place } = takeOut(source, inserted, mask.range);
    const pictures = mask.kind === 'image' ? [picture] : [];
    anchors.push({
      mask: mask.id,
      kind: mask.kind,
      place,
      before: inserted.text.slice(place.start, place.end),
      content: mask.before,
      pictures,
      options: mask.options,
    });
    if (mask.kind === 'text') span = { end: mask.range.end, pictures };
  }
  return anchors;
}

/**
 * What `result` proposes, by mask: the text that takes the mask's place, in the document's own line ends, with a gap
 * for the destination of each picture. A mask without a result has none.
 */
export function proposalsOf(plan: Plan, result: RunResult): Proposal[] {
  const { document } = plan;
  const sizes = new Map(result.pictures.map(({ id, width, height }) => [id, { id, width, height }]));
  const tag = unusedTag([document.source, ...result.spans.map(({ text }) => text)]);
  const results = new Map<string, SegmentResult>([
    ...result.spans.map(({ id, text }) => [id, { text }] as const),
    ...result.pictures.map(({ id }) => [id, { destination: `${tag}${id}:` }] as const),
  ]);
  const inserted = new InsertedText(document.source, plan.inserted ?? []);
  return planChanges(document, results).map(({ maskId, range, text }) => {
    const { lead, trail } = takeOut(document.source, inserted, range);
    const after = piecesOf(lead + text + trail, tag);
    const pictures = after.flatMap((piece) => (typeof piece === 'string' ? [] : sizes.get(piece.picture)!));
    return { mask: maskId, after, pictures };
  });
}

/** What a destination begins with for as long as it is not known: nothing that is in `texts`. */
function unusedTag(texts: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const tag = `picture:${number}:`;
    if (!texts.some((text) => text.includes(tag))) return tag;
  }
}

function piecesOf(text: string, tag: string): Piece[] {
  const [first = '', ...rest] = text.split(tag);
  const pieces: Piece[] = [first];
  for (const part of rest) {
    const end = part.indexOf(':');
    pieces.push({ picture: part.slice(0, end) }, part.slice(end + 1));
  }
  return pieces.filter((piece) => piece !== '');
}

/**
 * Where `range` of a copy lies in the text without the insertions. An insertion may reach beyond the range of its mark,
 * as with the prefix of a quoted line: `lead` and `trail` are these parts, to stand before and after the result.
 */
function takeOut(
  source: string,
  inserted: InsertedText,
  { start, end }: Range,
): { readonly place: Range; readonly lead: string; readonly trail: string } {
  const first = inserted.around(start);
  const last = inserted.around(end);
  return {
    place: { start: inserted.toText(start), end: inserted.toText(end) },
    lead: first ? source.slice(first.start, start) : '',
    trail: last ? source.slice(end, last.end) : '',
  };
}
