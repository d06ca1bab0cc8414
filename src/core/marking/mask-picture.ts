/** Mask Picture: marks around a picture on its own line, so that it is redrawn. */
import type { Picture } from '../document/index.js';
import { leavesIn, ownLineMask, ownStretch } from './block-span.js';
import {
  accepted,
  isSound,
  readManuscript,
  refuseNesting,
  refuseUnsound,
  spanAround,
  toFree,
  type Manuscript,
} from './manuscript.js';
import { refused, type MarkingResult } from './types.js';

/** Masks the picture at `offset` of `source`. Only a picture that has its lines to itself can be redrawn. */
export function maskPicture(source: string, offset: number): MarkingResult {
  const manuscript = readManuscript(source);
  const picture = manuscript.document.layout.pictures.find(
    ({ outer }) => outer.start <= offset && offset <= outer.end,
  );
  return picture
    ? maskThisPicture(manuscript, picture)
    : refused('There is no picture here; put the cursor on one.');
}

export function maskThisPicture(manuscript: Manuscript, picture: Picture): MarkingResult {
  const { document } = manuscript;
  if (picture.maskId !== undefined) {
    const mask = document.masks.find(({ id }) => id === picture.maskId);
    return refused(
      mask?.form === 'slot'
        ? 'This is an image slot already: it has no picture yet that could be redrawn.'
        : 'This picture is masked already.',
    );
  }
  const around = spanAround(manuscript, picture.outer);
  if (around) return refuseNesting(around);
  const [leaf] = leavesIn(manuscript, toFree(manuscript.reading, picture.outer));
  const own = leaf && ownStretch(manuscript, leaf);
  const draft = own && ownLineMask(manuscript, own, 'image');
  if (draft && isSound(manuscript, [draft])) return accepted([draft]);
  return refuseUnsound(
    manuscript,
    leaf && !own
      ? 'This picture shares its line with a list marker; put it on a line of its own below the item’s text, and mask it there.'
      : 'Only a picture on a line of its own can be redrawn; put blank lines around it, or write `![what to draw](mask:)` for a new one.',
  );
}
