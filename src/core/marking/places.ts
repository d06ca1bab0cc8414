/** Where the parts of masks stand, for decorations and hovers. */
import type { MarkedDocument, Mask, Picture, Range } from '../document/index.js';

/** A mask with the places of its parts, in offsets of the source. */
export interface MaskPlace {
  readonly mask: Mask;
  /** What is shown as masked: from opener to closer; of a slot, the image. */
  readonly extent: Range;
  /** The opener and the closer, one alone for `<!--mask/-->`; none for a slot. */
  readonly marks: readonly Range[];
  /** The text between the marks, without the line end before an own-line closer; of a slot, its alt text. */
  readonly content: Range;
  /** Of a slot and a picture to redraw: the image. */
  readonly picture?: Range;
}

export function placesOf(document: MarkedDocument): MaskPlace[] {
  const pictures = new Map(
    document.layout.pictures.flatMap((picture) =>
      picture.maskId ? [[picture.maskId, picture] as const] : [],
    ),
  );
  return document.masks.map((mask) => placeOf(document, mask, pictures.get(mask.id)));
}

function placeOf({ source, layout }: MarkedDocument, mask: Mask, picture: Picture | undefined): MaskPlace {
  const span = layout.spans.get(mask.id);
  if (!span) {
    const { range, alt } = picture!;
    return { mask, extent: range, marks: [], content: alt, picture: range };
  }
  const { start } = mask.range;
  // Own-line marks have white space behind them that belongs to the mask, and it is not shown.
  const endOf = (limit: number): number => start + source.slice(start, limit).trimEnd().length;
  const end = endOf(mask.range.end);
  const openerEnd = endOf(span.content.start);
  const closerStart = source.lastIndexOf('<!--', end);
  const opener = { start, end: openerEnd };
  const marks = closerStart > start ? [opener, { start: closerStart, end }] : [opener];
  return {
    mask,
    extent: { start, end },
    marks,
    content: withoutLineEnd(source, span.content),
    ...(picture && { picture: picture.range }),
  };
}

/** Without the line end that the content of own-line marks ends with. */
function withoutLineEnd(source: string, { start, end }: Range): Range {
  const length = source.endsWith('\r\n', end) ? 2 : /[\r\n]/.test(source[end - 1] ?? '') ? 1 : 0;
  return { start, end: Math.max(start, end - length) };
}
