import { inOrder, rebaseOnto, type Review } from '../../core/review/index.js';

/** What is known of one document that is open. */
export interface Entry {
  review: Review;
  /**
   * Suggestions that a run in progress is about to replace. They come back when it fails, or when a reload or a crash
   * cuts it off: until it has ended they are kept with the review.
   */
  shelved: Review;
}

/** The text has become another, and nothing is known of the edits between. */
export function rebaseEntry(entry: Entry, text: string): void {
  entry.review = rebaseOnto(entry.review, text);
  entry.shelved = rebaseOnto(entry.shelved, text);
}

export function isEmpty({ review, shelved }: Entry): boolean {
  return review.hunks.length === 0 && shelved.hunks.length === 0;
}

/** Whether a run is going on there. */
export function awaitsRun({ review, shelved }: Entry): boolean {
  return shelved.hunks.length > 0 || review.hunks.some(({ after }) => after === undefined);
}

/** With the suggestions that a run is about to replace: its own are not worth keeping before it has ended. */
export function kept({ review, shelved }: Entry): Review {
  return { ...review, hunks: inOrder([...review.hunks, ...shelved.hunks]) };
}

/** Whether texts are the same but for white space, which an editor may tidy up when it saves. */
export function haveSameWords(text: string, other: string): boolean {
  return text.replaceAll(/\s+/g, '') === other.replaceAll(/\s+/g, '');
}
