import type { Range, TextEdit } from '../document/index.js';

/** What a command does to a document, or one sentence on why it does nothing. */
export type MarkingResult =
  | {
      readonly ok: true;
      /** Ascending and disjoint. */
      readonly edits: readonly TextEdit[];
      /** What to select afterwards, in the edited source. */
      readonly selections: readonly Range[];
    }
  | MarkingRefusal;

export interface MarkingRefusal {
  readonly ok: false;
  readonly reason: string;
}

export function refused(reason: string): MarkingRefusal {
  return { ok: false, reason };
}
