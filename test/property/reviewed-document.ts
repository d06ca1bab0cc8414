/** What editors under test have in common: the review of their document, which knows of it what they report. */
import {
  acceptEdits,
  type Anchor,
  beginRun,
  emptyReview,
  endRun,
  type Proposal,
  rebase,
  rejectHunks,
  type Review,
  type TextChange,
} from '../../src/core/review/index.js';
import type { Provenance } from '../../src/protocol/review.js';
import type { OffsetEdit } from './review-trial.js';

const provenance: Provenance = {
  model: { name: 'mini', version: '1.0.0', sha256: '0'.repeat(64) },
  device: 'cpu',
  seed: 7,
};

export class ReviewedDocument {
  protected current: Review;

  constructor(text: string) {
    this.current = emptyReview(text);
  }

  review(): Review {
    return this.current;
  }

  async begin(run: string, anchors: readonly Anchor[]): Promise<void> {
    this.current = beginRun(this.current, run, anchors, provenance, this.current.text);
  }

  async end(run: string, proposals: readonly Proposal[]): Promise<void> {
    this.current = endRun(this.current, run, proposals);
  }

  async reject(ids: readonly string[]): Promise<void> {
    this.current = rejectHunks(this.current, ids);
  }

  /** The edits that accept hunks, for the editor to make. */
  protected editsOf(ids: readonly string[]): readonly OffsetEdit[] {
    const pictures = new Map(ids.map((id) => [id, `${id.replace(':', '-')}.png`]));
    const result = acceptEdits(this.current, ids, pictures);
    if (!result.ok) throw new Error(result.message);
    this.current = result.review;
    return result.edits.map(({ range, text }) => ({ ...range, text }));
  }

  protected follow(changes: readonly TextChange[], textAfter: string, isUndoOrRedo: boolean): void {
    this.current = rebase(this.current, changes, textAfter, isUndoOrRedo);
  }
}

/** The text after edits, whose offsets are into the text before them. */
export function replaced(text: string, edits: readonly OffsetEdit[]): string {
  return [...edits]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .reduce((result, edit) => result.slice(0, edit.start) + edit.text + result.slice(edit.end), text);
}
