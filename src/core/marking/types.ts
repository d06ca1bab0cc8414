import type { Range } from '../document/index.js';

/** One replacement in a source, in UTF-16 units. */
export interface TextEdit {
  readonly range: Range;
  readonly text: string;
}

/** What a command does to a document, or one sentence on why it does nothing. */
export type MarkingResult =
  | {
      readonly ok: true;
      /** Ascending and disjoint. */
      readonly edits: readonly TextEdit[];
      /** What to select afterwards, in the edited source. */
      readonly selection: Range;
    }
  | Refusal;

export interface Refusal {
  readonly ok: false;
  readonly reason: string;
}

export function refused(reason: string): Refusal {
  return { ok: false, reason };
}
