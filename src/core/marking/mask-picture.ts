/** Mask Picture: marks around a picture on its own line, so that it is redrawn. */
import * as l10n from '@vscode/l10n';
import type { Picture, Range } from '../document/index.js';
import { lineAt } from '../document/lines.js';
import { isBlank } from '../document/text.js';
import { leavesIn, ownLineMask, ownStretch } from './block-span.js';
import {
  lineStartOf,
  lineTextEndOf,
  readManuscript,
  refuseNesting,
  refuseUnsound,
  spanAround,
  toFree,
  type Manuscript,
} from './manuscript.js';
import { maskEach, type MaskWays } from './mask-each.js';
import { refused, type MarkingResult } from './types.js';

/** Masks the pictures at `offsets` of `source`. Only a picture that has its lines to itself can be redrawn. */
export function maskPicture(source: string, offsets: readonly number[]): MarkingResult {
  const manuscript = readManuscript(source);
  const places = offsets.map((offset) => ({ start: offset, end: offset }));
  return maskEach(manuscript, places, ({ start: offset }) => {
    const picture = manuscript.document.layout.pictures.find(
      ({ outer }) => outer.start <= offset && offset <= outer.end,
    );
    return picture
      ? pictureMask(manuscript, picture)
      : refused(l10n.t('There is no picture here; put the cursor on one.'));
  });
}

/** Marks around `picture`. */
export function pictureMask(manuscript: Manuscript, picture: Picture): MaskWays {
  const { document } = manuscript;
  if (picture.maskId !== undefined) {
    const mask = document.masks.find(({ id }) => id === picture.maskId);
    return refused(
      mask?.form === 'slot'
        ? l10n.t('This is an image slot already: it has no picture yet that could be redrawn.')
        : l10n.t('This picture is masked already.'),
    );
  }
  const around = spanAround(manuscript, picture.outer);
  if (around) return refuseNesting(around);
  const place = toFree(manuscript.reading, picture.outer);
  const [leaf] = leavesIn(manuscript, place);
  const own = leaf && ownStretch(manuscript, leaf);
  const isBehindMarker =
    leaf && !own && lineAt(manuscript.reading.document.lines, place.start) === leaf.startLine;
  return {
    ok: true,
    ways: own ? [[ownLineMask(manuscript, own, 'image')]] : [],
    otherwise: refuseUnsound(
      manuscript,
      isBehindMarker
        ? l10n.t(
            'This picture shares its line with a list marker; put it on a line of its own below the item’s text, and mask it there.',
          )
        : whyNotAlone(manuscript, picture.outer),
    ),
  };
}

/** Why the picture at `range` cannot be redrawn: it is not a paragraph of its own. */
function whyNotAlone({ reading }: Manuscript, { start, end }: Range): string {
  const before = reading.source.slice(lineStartOf(reading, start), start);
  const after = reading.source.slice(end, lineTextEndOf(reading, end));
  return isBlank(before) && isBlank(after)
    ? l10n.t(
        'Only a picture on a line of its own can be redrawn; put blank lines around it, or write `![what to draw](mask:)` for a new one.',
      )
    : l10n.t(
        'This picture shares its line with other text; put it on a line of its own with blank lines around it, or write `![what to draw](mask:)` for a new one.',
      );
}
