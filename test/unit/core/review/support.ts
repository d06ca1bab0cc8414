/** Reviews written as text: `a {b|c} d` is the text `a b d` with a pending hunk that proposes `c` for `b`. */
import {
  acceptEdits,
  type Anchor,
  beginRun,
  emptyReview,
  endRun,
  type Proposal,
  rebase,
  type Review,
  type TextChange,
} from '../../../../src/core/review/index.js';
import type { Hunk, Provenance } from '../../../../src/protocol/review.js';

export const provenance: Provenance = {
  model: { name: 'mini', version: '1.0.0', sha256: '0'.repeat(64) },
  device: 'cpu',
  seed: 7,
};

export interface Written {
  readonly text: string;
  readonly anchors: readonly Anchor[];
  readonly proposals: readonly Proposal[];
}

export function written(template: string): Written {
  const anchors: Anchor[] = [];
  const proposals: Proposal[] = [];
  const parts = template.split(/\{([^|}]*)\|([^}]*)\}/s);
  let text = parts[0]!;
  for (let index = 1; index < parts.length; index += 3) {
    const [before, after, rest] = [parts[index]!, parts[index + 1]!, parts[index + 2]!];
    const mask = `m${(index + 2) / 3}`;
    const place = { start: text.length, end: text.length + before.length };
    anchors.push({ mask, kind: 'text', place, before, content: before, pictures: [], options: {} });
    proposals.push({ mask, after: [after], pictures: [] });
    text += before + rest;
  }
  return { text, anchors, proposals };
}

/** With pending hunks `r:m1`, `r:m2`, … */
export function reviewOf(template: string, run = 'r'): Review {
  const { text, anchors, proposals } = written(template);
  return endRun(beginRun(emptyReview(text), run, anchors, provenance, text), run, proposals);
}

/** The text with each hunk in braces after the first letter of its state. */
export function shown({ text, hunks }: Review): string {
  let result = '';
  let at = 0;
  for (const { place, state } of hunks) {
    result += `${text.slice(at, place.start)}{${state[0]!}:${text.slice(place.start, place.end)}}`;
    at = place.end;
  }
  return result + text.slice(at);
}

/** The review after changes, written as `[offset, length, text]` into the text before. */
export function edited(review: Review, ...changes: readonly (readonly [number, number, string])[]): Review {
  const reported = changes.map(([rangeOffset, rangeLength, text]) => ({ rangeOffset, rangeLength, text }));
  return rebase(review, reported, textAfter(review.text, reported));
}

/** The same of an event that VS Code reports as an undo or a redo. */
export function undone(review: Review, ...changes: readonly (readonly [number, number, string])[]): Review {
  const reported = changes.map(([rangeOffset, rangeLength, text]) => ({ rangeOffset, rangeLength, text }));
  return rebase(review, reported, textAfter(review.text, reported), true);
}

export function textAfter(text: string, changes: readonly TextChange[]): string {
  return [...changes]
    .sort((a, b) => b.rangeOffset - a.rangeOffset || b.rangeLength - a.rangeLength)
    .reduce(
      (result, change) =>
        result.slice(0, change.rangeOffset) +
        change.text +
        result.slice(change.rangeOffset + change.rangeLength),
      text,
    );
}

/** Everything replaced at once, as a formatter or a checkout does. */
export function replaced(review: Review, text: string): Review {
  return rebase(review, [{ rangeOffset: 0, rangeLength: review.text.length, text }], text);
}

/** The review after the accept of hunks has come back as one event: of all the pending ones, if none are named. */
export function accepted(review: Review, ...ids: readonly string[]): Review {
  const pending = review.hunks.filter(({ state }) => state === 'pending').map(({ id }) => id);
  const result = acceptEdits(review, ids.length > 0 ? ids : pending);
  if (!result.ok) throw new Error(result.message);
  return edited(
    result.review,
    ...result.edits.map(({ range, text }) => [range.start, range.end - range.start, text] as const),
  );
}

export function hunk(review: Review, id: string): Hunk {
  const found = review.hunks.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`no hunk ${id}`);
  return found;
}
