import { pictureSlug } from '../../core/pictures/names.js';
import type { Hunk } from '../../protocol/review.js';

/** What an accept would write, pictures under the names that they would most likely get. */
export function proposedText({ after = [], pictures, written }: Hunk): string {
  const alts = new Map(pictures.map(({ id, alt }) => [id, alt]));
  return after
    .map((piece) => {
      if (typeof piece === 'string') return piece;
      return written?.destinations[piece.picture] ?? `${pictureSlug(alts.get(piece.picture) ?? '')}.png`;
    })
    .join('');
}

/** The proposal on one line, at most `longest` units. */
export function proposedLine(hunk: Hunk, longest = 80): string {
  const line =
    hunk.kind === 'image'
      ? hunk.pictures.map(({ alt }) => alt).join(', ')
      : proposedText(hunk).replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
