/** A review across a reload. */
import { type ReviewFile, reviewFileSchema } from '../../protocol/review.js';
import type { Review } from './hunk.js';
import { isOpen } from './hunk.js';
import { rebaseOnto } from './rebase.js';

/**
 * What is kept of a review: the hunks that are to be decided. Accepted ones are not, since no undo reaches back over a
 * reload, nor those whose run is going, since it ends with the window; what that run was to replace belongs to the
 * review that is kept.
 */
export function saveReview({ text, hunks }: Review): ReviewFile {
  const kept = hunks
    .filter((hunk) => isOpen(hunk) && hunk.after !== undefined)
    .map((hunk) => (hunk.past ? { ...hunk, past: [] } : hunk));
  return { format: 'oneflow-review/1', text, hunks: kept };
}

/** The review that `json` keeps, for a document that is `text` now; undefined when it is not of this format. */
export function restoreReview(json: unknown, text: string): Review | undefined {
  const review = keptReview(json);
  return review && rebaseOnto(review, text);
}

/** The review that `json` keeps, with the text it was saved with, to which its places belong. */
export function keptReview(json: unknown): Review | undefined {
  const file = reviewFileSchema.safeParse(json);
  return file.success ? { text: file.data.text, hunks: file.data.hunks } : undefined;
}
