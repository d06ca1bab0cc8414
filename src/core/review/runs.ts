/** The life of hunks from the start of a run to what it proposes. */
import type { Hunk, HunkPicture, Piece, Provenance } from '../../protocol/review.js';
import type { MaskOptions, Range } from '../document/types.js';
import { inheritFiles } from './files.js';
import { emptyReview, inOrder, isOpen, overlap, type Review, standing, standingSide } from './hunk.js';
import { rebaseOnto } from './rebase.js';

/** A place that a run is about. Masks and pictures have the ids of the document that was parsed. */
export interface Anchor {
  readonly mask: string;
  readonly kind: Hunk['kind'];
  readonly place: Range;
  readonly before: string;
  readonly content: string;
  readonly pictures: readonly HunkPicture[];
  /** Options of the mark; they beat those of the run. */
  readonly options: MaskOptions;
}

/** What a run proposes for one place. */
export interface Proposal {
  readonly mask: string;
  readonly after: readonly Piece[];
  /** Sizes of the pictures in `after`. */
  readonly pictures: readonly Omit<HunkPicture, 'alt'>[];
}

/** The id that a mask's hunk, or a picture's place in one, has in a review. */
export function reviewId(run: string, mask: string): string {
  return `${run}:${mask}`;
}

/**
 * The review with hunks for a run that begins. `anchors` belong to `snapshot`, which the document may have left behind
 * since. Other hunks at the same places that are not accepted go: this run is about them again.
 */
export function beginRun(
  review: Review,
  run: string,
  anchors: readonly Anchor[],
  provenance: Provenance,
  snapshot: string,
): Review {
  const hunks = anchors.map(({ mask, pictures, options, ...anchor }): Hunk => ({
    ...anchor,
    id: reviewId(run, mask),
    run,
    state: 'running',
    pictures: pictures.map((picture) => ({ ...picture, id: reviewId(run, picture.id) })),
    provenance: { ...provenance, ...options },
  }));
  const draft = { ...emptyReview(snapshot), hunks: inOrder(hunks) };
  const begun = snapshot === review.text ? draft : rebaseOnto(draft, review.text);
  const isReplaced = (hunk: Hunk): boolean =>
    (isOpen(hunk) || hunk.state === 'running') && begun.hunks.some(({ place }) => overlap(place, hunk.place));
  const kept = review.hunks.filter((hunk) => !isReplaced(hunk));
  const heirs = inheritFiles(begun.hunks, review.hunks.filter(isReplaced));
  return { text: review.text, hunks: inOrder([...kept, ...heirs]) };
}

/**
 * The review after the end of `run`. Its hunks get their proposals, and `made` is added to their provenance. A hunk
 * without a proposal, or with one that is what stands there already, is dropped: after a failure, all of them.
 */
export function endRun(
  review: Review,
  run: string,
  proposals: readonly Proposal[],
  made: Partial<Provenance> = {},
): Review {
  const proposed = propose(review, run, proposals);
  const hunks = proposed.hunks.flatMap((hunk) => {
    if (hunk.run !== run) return hunk;
    return proposesChange(hunk) ? { ...hunk, provenance: { ...hunk.provenance, ...made } } : [];
  });
  return { ...review, hunks };
}

/** The review with other proposals for hunks of `run` that are not accepted: those of another step, say. */
export function propose(review: Review, run: string, proposals: readonly Proposal[]): Review {
  const byId = new Map(proposals.map((proposal) => [reviewId(run, proposal.mask), proposal]));
  const hunks = review.hunks.map((hunk) => {
    const proposal = byId.get(hunk.id);
    if (!proposal || hunk.state === 'accepted' || hunk.state === 'edited') return hunk;
    const sizes = new Map(proposal.pictures.map(({ id, ...size }) => [reviewId(run, id), size]));
    const proposed: Hunk = {
      ...hunk,
      after: proposal.after.map((piece) =>
        typeof piece === 'string' ? piece : { picture: reviewId(run, piece.picture) },
      ),
      pictures: hunk.pictures.map((picture) => ({ ...picture, ...sizes.get(picture.id) })),
    };
    return standingSide(hunk) === 'before' ? standing(proposed, 'before', hunk.place) : proposed;
  });
  return { ...review, hunks };
}

function proposesChange({ before, after }: Hunk): boolean {
  if (!after) return false;
  const [first = '', ...rest] = after;
  return rest.length > 0 || first !== before;
}
