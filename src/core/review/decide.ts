/** Accepting and rejecting. */
import * as l10n from '@vscode/l10n';
import type { Hunk } from '../../protocol/review.js';
import { writeDestination } from '../document/destination.js';
import type { Range, TextEdit } from '../document/types.js';
import { overlap, type Review, sideText, standing, standsAt } from './hunk.js';
import { onlyLineEnd, withLineEnds } from './line-ends.js';

export type AcceptResult =
  | {
      readonly ok: true;
      /** Ascending and disjoint. To be made in one step. */
      readonly edits: readonly TextEdit[];
      /** With what the edits write: by it the hunks are seen to be accepted when the edits are made. */
      readonly review: Review;
    }
  /** One sentence for the author. */
  | { readonly ok: false; readonly message: string };

/**
 * The edits that accept the hunks `ids`. `destinations` has those of their pictures by id. Of hunks that overlap, the
 * first in the document is accepted. Throws if a picture has no destination.
 */
export function acceptEdits(
  review: Review,
  ids: Iterable<string>,
  destinations: ReadonlyMap<string, string> = new Map(),
): AcceptResult {
  const wanted = new Set(ids);
  const chosen = review.hunks.filter(({ id }) => wanted.has(id));
  if (chosen.length < wanted.size)
    return { ok: false, message: l10n.t('This suggestion is no longer under review.') };
  for (const hunk of chosen) {
    const message = refusalOf(hunk, review.text);
    if (message !== undefined) return { ok: false, message };
  }
  const lineEnd = onlyLineEnd(review.text);
  const edits: TextEdit[] = [];
  const accepted = new Map<string, Hunk>();
  let last: Range | undefined;
  for (const hunk of chosen) {
    const { id, place } = hunk;
    if (last && overlap(last, place)) continue;
    last = place;
    const written = writtenOf(hunk, destinations, lineEnd);
    if (review.text.slice(place.start, place.end) === written.text) {
      accepted.set(id, standing({ ...hunk, written }, 'written', place));
    } else {
      accepted.set(id, { ...hunk, written });
      edits.push({ range: place, text: written.text });
    }
  }
  const hunks = review.hunks.map((hunk) => accepted.get(hunk.id) ?? hunk);
  return { ok: true, edits, review: { ...review, hunks } };
}

/** The review after edits of `acceptEdits` that were not made: what hunks have written is what they had in `former`. */
export function withdrawAccept(review: Review, ids: Iterable<string>, former: Review): Review {
  const withdrawn = new Set(ids);
  const earlier = new Map(former.hunks.map(({ id, written }) => [id, written]));
  const hunks = review.hunks.map((hunk) => {
    if (!withdrawn.has(hunk.id) || hunk.state === 'accepted') return hunk;
    const { written, ...rest } = hunk;
    const had = earlier.get(hunk.id);
    if (had === written) return hunk;
    return had ? { ...rest, written: had } : rest;
  });
  return { ...review, hunks };
}

/** The review without the hunks `ids`; the text stays as it is. */
export function rejectHunks(review: Review, ids: Iterable<string>): Review {
  const rejected = new Set(ids);
  return { ...review, hunks: review.hunks.filter(({ id }) => !rejected.has(id)) };
}

/** Why a hunk cannot be accepted now; undefined when it can. */
export function refusalOf(hunk: Hunk, text: string): string | undefined {
  switch (hunk.state) {
    case 'running':
      return l10n.t('This suggestion is still being made; wait for the run to end, or stop it.');
    case 'accepted':
    case 'edited':
      return l10n.t('This suggestion is accepted already.');
    case 'displaced':
      return changed();
    case 'pending':
      return standsAt(text, hunk.place, sideText(hunk, 'before')!) ? undefined : changed();
  }
}

function changed(): string {
  return l10n.t(
    'The text under this suggestion has changed since the run began; undo that change to accept it, or reject the suggestion.',
  );
}

function writtenOf(
  { id, after = [] }: Hunk,
  given: ReadonlyMap<string, string>,
  lineEnd: string | undefined,
): NonNullable<Hunk['written']> {
  const destinations: Record<string, string> = {};
  const text = after.map((piece) => {
    if (typeof piece === 'string') return lineEnd === undefined ? piece : withLineEnds(piece, lineEnd);
    const destination = given.get(piece.picture);
    if (destination === undefined) throw new Error(`${id}: picture ${piece.picture} has no destination`);
    destinations[piece.picture] = destination;
    return writeDestination(destination);
  });
  return { text: text.join(''), destinations };
}
