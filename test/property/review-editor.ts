/** An editor of a string that reports its edits in the many ways in which VS Code does. */
import type { TextChange } from '../../src/core/review/index.js';
import { restoreReview, saveReview } from '../../src/core/review/storage.js';
import type { OffsetEdit, ReviewedEditor } from './review-trial.js';
import { replaced, ReviewedDocument } from './reviewed-document.js';

/** How an edit is reported: as it was made, trimmed, as its differing characters, as one change, as one of everything. */
type Report = 'exact' | 'trimmed' | 'characters' | 'joined' | 'everything';
const reports: readonly Report[] = ['exact', 'trimmed', 'characters', 'joined'];

interface UndoStep {
  readonly before: string;
  readonly after: string;
  readonly edits: readonly OffsetEdit[];
  readonly report: Report;
  /** The hunks that it accepts. */
  readonly accepts: readonly string[];
}

export class StringEditor extends ReviewedDocument implements ReviewedEditor {
  #text: string;
  #undo: UndoStep[] = [];
  #redo: UndoStep[] = [];

  constructor(text: string) {
    super(text);
    this.#text = text;
  }

  text(): string {
    return this.#text;
  }

  async edit(edits: readonly OffsetEdit[], everything: boolean): Promise<void> {
    this.#apply(edits, everything ? 'everything' : 'exact');
  }

  lineEnd(): string {
    return this.#text.includes('\r\n') ? '\r\n' : '\n';
  }

  async setLineEnd(lineEnd: string): Promise<void> {
    const after = this.#text.replaceAll(/\r\n|\r|\n/g, lineEnd);
    this.#apply([{ start: 0, end: this.#text.length, text: after }], 'everything');
  }

  async undo(): Promise<void> {
    const step = this.#undo.pop()!;
    this.#redo.push(step);
    this.#change(inverseOf(step), step.before, this.#reportOf(step), true);
  }

  async redo(): Promise<void> {
    const step = this.#redo.pop()!;
    this.#undo.push(step);
    this.#change(step.edits, step.after, this.#reportOf(step), true);
  }

  async accept(ids: readonly string[], variant: number): Promise<void> {
    this.#apply(this.editsOf(ids), reports[variant % reports.length]!, ids);
  }

  async reload(): Promise<void> {
    const restored = restoreReview(JSON.parse(JSON.stringify(saveReview(this.current))), this.#text);
    if (!restored) throw new Error('the review was not restored');
    this.current = restored;
    this.#undo = [];
    this.#redo = [];
  }

  #apply(edits: readonly OffsetEdit[], report: Report, accepts: readonly string[] = []): void {
    const before = this.#text;
    const after = replaced(before, edits);
    this.#undo.push({ before, after, edits, report, accepts });
    this.#redo = [];
    this.#change(edits, after, report, false);
  }

  /** Accepts that are joined are not understood any more where one of them is no longer under review. */
  #reportOf({ report, accepts }: UndoStep): Report {
    const isWhole = accepts.every((id) => this.current.hunks.some((hunk) => hunk.id === id));
    return report === 'joined' && !isWhole ? 'exact' : report;
  }

  #change(edits: readonly OffsetEdit[], after: string, report: Report, isUndoOrRedo: boolean): void {
    const changes = changesOf(this.#text, edits, after, report);
    this.follow(changes, after, isUndoOrRedo);
    this.#text = after;
  }
}

function inverseOf({ before, edits }: UndoStep): readonly OffsetEdit[] {
  let shift = 0;
  return [...edits]
    .sort((a, b) => a.start - b.start || a.end - b.end)
    .map(({ start, end, text }) => {
      const inverse = {
        start: start + shift,
        end: start + shift + text.length,
        text: before.slice(start, end),
      };
      shift += text.length - (end - start);
      return inverse;
    });
}

/** In the order of VS Code: from the end to the beginning. */
function changesOf(
  before: string,
  edits: readonly OffsetEdit[],
  after: string,
  report: Report,
): readonly TextChange[] {
  const reported = reportedEdits(before, edits, after, report);
  return [...reported]
    .sort((a, b) => b.start - a.start || b.end - a.end)
    .map(({ start, end, text }) => ({ rangeOffset: start, rangeLength: end - start, text }));
}

function reportedEdits(
  before: string,
  edits: readonly OffsetEdit[],
  after: string,
  report: Report,
): readonly OffsetEdit[] {
  switch (report) {
    case 'exact':
      return edits;
    case 'trimmed':
      return edits.flatMap((edit) => trimmed(before, edit));
    case 'characters':
      return edits.flatMap((edit) => differing(before, edit));
    case 'joined': {
      const start = Math.min(...edits.map((edit) => edit.start));
      const end = Math.max(...edits.map((edit) => edit.end));
      return edits.length === 0
        ? []
        : [{ start, end, text: after.slice(start, after.length - (before.length - end)) }];
    }
    case 'everything':
      return [{ start: 0, end: before.length, text: after }];
  }
}

function trimmed(before: string, { start, end, text }: OffsetEdit): readonly OffsetEdit[] {
  const old = before.slice(start, end);
  const shorter = Math.min(old.length, text.length);
  let head = 0;
  while (head < shorter && old[head] === text[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && old.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  if (old === text) return [];
  return [{ start: start + head, end: end - tail, text: text.slice(head, text.length - tail) }];
}

/** The edits between the characters that both texts have in common (the longest common subsequence). */
function differing(before: string, { start, end, text }: OffsetEdit): readonly OffsetEdit[] {
  const old = before.slice(start, end);
  const common = old.split('').map(() => new Array<number>(text.length + 1).fill(0));
  common.push(new Array<number>(text.length + 1).fill(0));
  for (let a = old.length - 1; a >= 0; a -= 1) {
    for (let b = text.length - 1; b >= 0; b -= 1) {
      common[a]![b] =
        old[a] === text[b] ? common[a + 1]![b + 1]! + 1 : Math.max(common[a + 1]![b]!, common[a]![b + 1]!);
    }
  }
  const edits: OffsetEdit[] = [];
  let [a, b] = [0, 0];
  while (a < old.length || b < text.length) {
    const [fromA, fromB] = [a, b];
    while (
      (a < old.length || b < text.length) &&
      !(a < old.length && b < text.length && old[a] === text[b])
    ) {
      if (b >= text.length || (a < old.length && common[a + 1]![b]! >= common[a]![b + 1]!)) a += 1;
      else b += 1;
    }
    if (a > fromA || b > fromB)
      edits.push({ start: start + fromA, end: start + a, text: text.slice(fromB, b) });
    while (a < old.length && b < text.length && old[a] === text[b]) {
      a += 1;
      b += 1;
    }
  }
  return edits;
}
