/**
 * What a review must look like, from other knowledge than the code under test has: every character of the text carries
 * a number, so it is known where each hunk's text went, and which characters stand before it and after it.
 */
import type { Hunk } from '../../src/protocol/review.js';

/** A character (a surrogate pair, a line end) that can be told from all others. */
interface Cell {
  readonly text: string;
  readonly id: number;
}

/** A replacement; offsets count cells. */
export interface CellEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** The hunk that is accepted by it. */
  readonly accepts?: string;
}

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly cells: readonly Cell[];
  readonly accepts?: string | undefined;
}

interface Place {
  /** Missing when an edit took all of it and more. */
  readonly range: { readonly start: number; readonly end: number } | undefined;
  /** Whether a review must know the hunk here; false once it may have lost it. */
  readonly isCertain: boolean;
}

interface Tracked {
  place: Place;
  readonly before: string;
  readonly after: string;
  written: boolean;
  /** Cells that stand before the hunk, and after it. */
  left: ReadonlySet<number>;
  right: ReadonlySet<number>;
}

/** What is known of a hunk in one text, and again when undo or redo brings that text back. */
type Known = Pick<Tracked, 'place' | 'left' | 'right'>;

interface Step {
  readonly cells: readonly Cell[];
  readonly newCells: readonly Cell[];
  readonly splices: readonly Splice[];
  readonly inverse: readonly Splice[];
  readonly known: ReadonlyMap<string, Known>;
  readonly newKnown: ReadonlyMap<string, Known>;
  readonly everything: boolean;
  /** It may have been taken for an undo. */
  readonly looksLikeUndo: boolean;
}

export type Expected = { readonly start: number; readonly end: number; readonly side: 'before' | 'written' };

const lineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n');

export class Reference {
  readonly #tracked = new Map<string, Tracked>();
  #cells: readonly Cell[] = [];
  #lastCell = 0;
  readonly #texts = new Set<string>();
  #undo: Step[] = [];
  #redo: Step[] = [];

  constructor(text: string) {
    this.#cells = this.#cellsOf(text);
    this.#texts.add(text);
  }

  get text(): string {
    return this.#cells.map(({ text }) => text).join('');
  }

  get length(): number {
    return this.#cells.length;
  }

  get ids(): readonly string[] {
    return [...this.#tracked.keys()];
  }

  get canUndo(): boolean {
    return this.#undo.length > 0;
  }

  get canRedo(): boolean {
    return this.#redo.length > 0;
  }

  /** In UTF-16 units, as an editor counts. */
  offsetOf(cell: number): number {
    return this.#cells.slice(0, cell).reduce((length, { text }) => length + text.length, 0);
  }

  cellAt(offset: number): number {
    let at = 0;
    const index = this.#cells.findIndex(({ text }) => (at += text.length) > offset);
    return index < 0 ? this.#cells.length : index;
  }

  textOf(start: number, end: number): string {
    return this.#cells
      .slice(start, end)
      .map(({ text }) => text)
      .join('');
  }

  track(hunk: Hunk, after: string): void {
    const start = this.cellAt(hunk.place.start);
    const end = this.cellAt(hunk.place.end);
    const tracked: Tracked = {
      place: { range: { start, end }, isCertain: true },
      before: lineFeeds(hunk.before),
      after: lineFeeds(after),
      written: false,
      left: new Set(),
      right: new Set(),
    };
    this.#relate(tracked, { start, end });
    this.#tracked.set(hunk.id, tracked);
  }

  forget(id: string): void {
    this.#tracked.delete(id);
  }

  /** Nothing can be undone any more, as after a reload. */
  forgetHistory(): void {
    this.#undo = [];
    this.#redo = [];
    for (const tracked of this.#tracked.values()) tracked.written = false;
  }

  /** An edit of one undo step. After one of `everything` a review may have lost any hunk. */
  edit(edits: readonly CellEdit[], everything = false): void {
    for (const { accepts } of edits) if (accepts !== undefined) this.#tracked.get(accepts)!.written = true;
    const splices = edits.map(({ text, ...edit }) => ({ ...edit, cells: this.#cellsOf(text) }));
    const known = this.#known();
    const cells = this.#cells;
    const isAccept = edits.some(({ accepts }) => accepts !== undefined);
    const turned = [...this.#tracked.values()].filter((tracked) => this.#readsAsTurned(tracked, edits));
    const inverse = this.#splice(splices);
    if (everything) this.#relateWordsOnly(cells);
    for (const tracked of this.#tracked.values()) {
      const isKept = !everything && this.#sideOf(tracked) !== undefined;
      if (!isKept) tracked.place = { ...tracked.place, isCertain: false };
    }
    // What makes the text what it was may be taken for an undo: of two equal characters the other may have stayed.
    const looksLikeUndo = !isAccept && this.#texts.has(this.text);
    if (!isAccept) turned.forEach(lose);
    if (looksLikeUndo) this.#tracked.forEach(lose);
    this.#texts.add(this.text);
    this.#undo.push({
      cells,
      newCells: this.#cells,
      splices,
      inverse,
      known,
      newKnown: this.#known(),
      everything,
      looksLikeUndo,
    });
    this.#redo = [];
  }

  /** As one undo step: every line end becomes `lineEnd`. */
  setLineEnd(lineEnd: string): void {
    const cells = this.#cells;
    const known = this.#known();
    this.#cells = cells.map((cell) => (/[\r\n]/.test(cell.text) ? { ...cell, text: lineEnd } : cell));
    this.#undo.push({
      cells,
      newCells: this.#cells,
      splices: [],
      inverse: [],
      known,
      newKnown: known,
      everything: false,
      looksLikeUndo: false,
    });
    this.#redo = [];
  }

  undo(): void {
    const step = this.#undo.pop()!;
    this.#redo.push(step);
    this.#return(step, step.cells, step.inverse, step.known);
  }

  redo(): void {
    const step = this.#redo.pop()!;
    this.#undo.push(step);
    this.#return(step, step.newCells, step.splices, step.newKnown);
  }

  /** Where the hunk must be; undefined when that is not known. */
  expected(id: string): Expected | undefined {
    const tracked = this.#tracked.get(id)!;
    const { range, isCertain } = tracked.place;
    const side = this.#sideOf(tracked);
    if (!isCertain || !range || !side) return undefined;
    return { start: this.offsetOf(range.start), end: this.offsetOf(range.end), side };
  }

  /**
   * What is wrong with `hunk` where a review says it stands; undefined when nothing is. It must have its text there, and
   * no character that stood before it may stand in it or after it, nor the other way round.
   */
  faultOf({ id, place, state, before, written }: Hunk): string | undefined {
    const { left, right } = this.#tracked.get(id)!;
    const start = this.cellAt(place.start);
    const end = this.cellAt(place.end);
    const text = this.textOf(start, end);
    const expected = state === 'accepted' ? written?.text : before;
    if (expected === undefined || lineFeeds(text) !== lineFeeds(expected))
      return `${id} stands on ${JSON.stringify(text)}`;
    for (const [index, cell] of this.#cells.entries()) {
      if (cell.text.trim() === '') continue; // one space is like another
      if (index < end && right.has(cell.id))
        return `${id} stands after what was behind it: ${JSON.stringify(cell)}`;
      if (index >= start && left.has(cell.id))
        return `${id} stands before what was in front: ${JSON.stringify(cell)}`;
    }
    return undefined;
  }

  /** A review has found the hunk where this reference had lost it: that is its place from now on. */
  adopt({ id, place }: Hunk): void {
    const tracked = this.#tracked.get(id)!;
    const range = { start: this.cellAt(place.start), end: this.cellAt(place.end) };
    const known = tracked.place.range;
    if (tracked.left.size + tracked.right.size === 0) this.#relate(tracked, range);
    if (known && known.start === range.start && known.end === range.end) return;
    tracked.place = { range, isCertain: tracked.place.isCertain };
  }

  #relate(tracked: Tracked, { start, end }: NonNullable<Place['range']>): void {
    tracked.left = new Set([...tracked.left, ...this.#cells.slice(0, start).map(({ id }) => id)]);
    tracked.right = new Set([...tracked.right, ...this.#cells.slice(end).map(({ id }) => id)]);
  }

  #return(
    step: Step,
    cells: readonly Cell[],
    splices: readonly Splice[],
    known: ReadonlyMap<string, Known>,
  ): void {
    const early = new Set(known.keys());
    const before = this.#cells;
    this.#splice(splices, early);
    this.#cells = cells;
    if (step.everything) this.#relateWordsOnly(before);
    for (const [id, tracked] of this.#tracked) {
      const then = known.get(id);
      // One that had been lost before what looked like an undo may have been found by it, and stay so.
      const isLost = step.looksLikeUndo && then?.place.isCertain === false;
      if (then && !isLost) Object.assign(tracked, then);
      else lose(tracked);
    }
  }

  /** Replaces, and moves all hunks but those of `settled`; returns what turns it back. */
  #splice(splices: readonly Splice[], settled: ReadonlySet<string> = new Set()): readonly Splice[] {
    const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
    const inverse: Splice[] = [];
    let shift = 0;
    for (const { start, end, cells } of ordered) {
      inverse.push({
        start: start + shift,
        end: start + shift + cells.length,
        cells: this.#cells.slice(start, end),
      });
      shift += cells.length - (end - start);
    }
    const placed = new Set(
      [...this.#tracked.values()].filter((tracked) => this.#sideOf(tracked) !== undefined),
    );
    for (const splice of ordered.reverse()) {
      const alike = alikeBeside(this.#cells, splice);
      for (const tracked of this.#tracked.values()) {
        const beside = besideCut(this.#cells, splice, tracked);
        const isTelling = (id: number): boolean => !alike.has(id) && !beside.has(id);
        tracked.left = new Set([...tracked.left].filter(isTelling));
        tracked.right = new Set([...tracked.right].filter(isTelling));
      }
      this.#cells = [
        ...this.#cells.slice(0, splice.start),
        ...splice.cells,
        ...this.#cells.slice(splice.end),
      ];
      for (const [id, tracked] of this.#tracked)
        if (!settled.has(id)) move(tracked, splice, splice.accepts === id, placed.has(tracked));
    }
    return inverse;
  }

  /**
   * After a change of everything only the words that are there once, before as after, tell what stands on which side of
   * a hunk: of two equal characters no one can say which one it was that stayed.
   */
  #relateWordsOnly(before: readonly Cell[]): void {
    const [wordsBefore, words] = [wordsOnce(before), wordsOnce(this.#cells)];
    const telling = new Set(
      [...words].flatMap(([word, ids]) => (wordsBefore.get(word)?.[0] === ids[0] ? ids : [])),
    );
    for (const tracked of this.#tracked.values()) {
      tracked.left = new Set([...tracked.left].filter((id) => telling.has(id)));
      tracked.right = new Set([...tracked.right].filter((id) => telling.has(id)));
    }
  }

  /** Whether edits right beside the hunk put its other side there, which may be taken for an accept or its undo. */
  #readsAsTurned(tracked: Tracked, edits: readonly CellEdit[]): boolean {
    const { range } = tracked.place;
    const side = this.#sideOf(tracked);
    if (!range || !side || !tracked.written) return false;
    const left = edits.find(({ end }) => end === range.start);
    const right = edits.find((edit) => edit !== left && edit.start === range.end);
    if (!left && !right) return false;
    const old = (edit: CellEdit | undefined): string => (edit ? this.textOf(edit.start, edit.end) : '');
    const own = this.textOf(range.start, range.end);
    const other = side === 'before' ? tracked.after : tracked.before;
    const now = `${left?.text ?? ''}${own}${right?.text ?? ''}`;
    return lineFeeds(now) === lineFeeds(`${old(left)}${other}${old(right)}`);
  }

  #sideOf({ place: { range }, before, after, written }: Tracked): 'before' | 'written' | undefined {
    if (!range) return undefined;
    const text = lineFeeds(this.textOf(range.start, range.end));
    if (text === before) return 'before';
    return written && text === after ? 'written' : undefined;
  }

  #known(): ReadonlyMap<string, Known> {
    return new Map([...this.#tracked].map(([id, { place, left, right }]) => [id, { place, left, right }]));
  }

  #cellsOf(text: string): readonly Cell[] {
    const characters = text.match(/\r\n|[^]/gu) ?? [];
    return characters.map((character) => ({ text: character, id: (this.#lastCell += 1) }));
  }
}

/** Cells beside a deletion that could have gone instead of others that did: the text would be the same. */
function alikeBeside(cells: readonly Cell[], { start, end, cells: added }: Splice): ReadonlySet<number> {
  const alike = new Set<number>();
  if (added.length > 0) return alike;
  for (const [gone, stayed, direction] of [
    [start, end, 1],
    [end - 1, start - 1, -1],
  ] as const) {
    for (let step = 0; ; step += direction) {
      const cell = cells[stayed + step];
      if (!cell || cell.text !== cells[gone + step]?.text) break;
      alike.add(cell.id);
    }
  }
  return alike;
}

/**
 * Cells beside a replacement that takes an end of the hunk away or all of it: with some of what has come they may be
 * its text again, and an editor that reports only what differs would have told just the same.
 */
function besideCut(
  cells: readonly Cell[],
  { start, end, cells: added }: Splice,
  { place: { range }, before, after }: Tracked,
): ReadonlySet<number> {
  const isCut = range && start < range.end && range.start < end && (start < range.start || range.end < end);
  if (!isCut || added.length === 0) return new Set();
  const length = Math.max(before.length, after.length);
  const beside = [...cells.slice(Math.max(0, start - length), start), ...cells.slice(end, end + length)];
  return new Set(beside.map(({ id }) => id));
}

/** The numbers of the words that are there once, by word. All begin alike; their digits tell one from another. */
function wordsOnce(cells: readonly Cell[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, (readonly number[])[]>();
  // One unit a cell, so that indices are those of cells.
  const text = cells.map((cell) => (cell.text.length === 1 ? cell.text : '\0')).join('');
  for (const { 0: word, index } of text.matchAll(/word\d+/g)) {
    const ids = cells.slice(index, index + word.length).map(({ id }) => id);
    const isWhole = ids.every((id, at) => id === ids[0]! + at);
    found.set(word, [...(found.get(word) ?? []), isWhole ? ids.slice('word'.length) : []]);
  }
  return new Map([...found].flatMap(([word, places]) => (places.length === 1 ? [[word, places[0]!]] : [])));
}

/** Where the hunk belongs now, if anywhere, the review may say. */
function lose(tracked: Tracked): void {
  tracked.place = { ...tracked.place, isCertain: false };
  tracked.left = new Set();
  tracked.right = new Set();
}

/** Where the hunk is after a splice, and on which side of it the new cells stand. */
function move(tracked: Tracked, { start, end, cells }: Splice, isAccept: boolean, isPlaced: boolean): void {
  const { range, isCertain } = tracked.place;
  const relate = (side: 'left' | 'right'): void => {
    // Of one that was not there, no one can say what came before it and what after.
    if (isPlaced) tracked[side] = new Set([...tracked[side], ...cells.map(({ id }) => id)]);
  };
  if (!range) return;
  const added = cells.length - (end - start);
  if (
    !isAccept &&
    range.start === range.end &&
    cells.length > 0 &&
    start <= range.end &&
    range.start <= end
  ) {
    // What comes right at a place without text may stand on either side of it.
    const at = end <= range.start ? range.start + added : range.start;
    const isCovered = start < range.start && range.start < end;
    tracked.place = { range: isCovered ? undefined : { start: at, end: at }, isCertain: false };
  } else if (isAccept) tracked.place = { range: { start, end: start + cells.length }, isCertain };
  else if (end <= range.start) {
    relate('left');
    tracked.place = { range: { start: range.start + added, end: range.end + added }, isCertain };
  } else if (start >= range.end) {
    relate('right');
  } else if (range.start <= start && end <= range.end) {
    tracked.place = { range: { start: range.start, end: range.end + added }, isCertain };
  } else if (start <= range.start && range.end <= end) {
    tracked.place = { range: undefined, isCertain: false };
  } else if (start < range.start) {
    tracked.place = { range: { start: start + cells.length, end: range.end + added }, isCertain: false };
  } else tracked.place = { range: { start: range.start, end: start }, isCertain: false };
}
