/**
 * Random ways to edit a document while its hunks are under review, and the check after each that the review is right.
 * The editor is a port, so that the same sequences run on a string and in VS Code.
 */
import fc from 'fast-check';
import type { Anchor, Proposal, Review } from '../../src/core/review/index.js';
import type { Hunk } from '../../src/protocol/review.js';
import { type CellEdit, Reference } from './review-reference.js';

export interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A document in an editor, and the review of it. */
export interface ReviewedEditor {
  text(): string;
  review(): Review;
  /** One undo step of the author's; `everything`: the editor is told that the whole text was replaced. */
  edit(edits: readonly OffsetEdit[], everything: boolean): Promise<void>;
  /** What a line end that is typed becomes. */
  lineEnd(): string;
  /** One undo step. */
  setLineEnd(lineEnd: string): Promise<void>;
  undo(): Promise<void>;
  redo(): Promise<void>;
  begin(run: string, anchors: readonly Anchor[]): Promise<void>;
  end(run: string, proposals: readonly Proposal[]): Promise<void>;
  /** One undo step. `variant` chooses how the editor reports it, now and when it is undone. */
  accept(ids: readonly string[], variant: number): Promise<void>;
  reject(ids: readonly string[]): Promise<void>;
  /** Closes and opens the window; the undo history is gone. Missing where that cannot be done. */
  reload?(): Promise<void>;
}

/** A place: a share of the document, or near an end of a hunk. */
type Where =
  { readonly share: number } | { readonly hunk: number; readonly atEnd: boolean; readonly distance: number };

type What = { readonly text: string } | { readonly copyFrom: number; readonly length: number };

interface Edit {
  readonly where: Where;
  readonly length: number;
  readonly what: What;
}

export type Action =
  | { readonly kind: 'edit' | 'rewrite'; readonly edits: readonly Edit[] }
  | { readonly kind: 'line-end'; readonly lineEnd: string }
  | { readonly kind: 'undo' | 'redo'; readonly times: number }
  | { readonly kind: 'accept' | 'reject'; readonly hunk: number; readonly variant: number }
  | { readonly kind: 'accept-all'; readonly variant: number }
  | { readonly kind: 'reject-all' | 'end-run' | 'reload' }
  | { readonly kind: 'begin-run'; readonly places: readonly NewHunk[] };

interface NewHunk {
  readonly where: Where;
  readonly length: number;
  readonly rewrite: Rewrite;
}

/** How a proposal follows from what stands there. */
export type Rewrite = 'longer' | 'prefixed' | 'shorter' | 'inner' | 'gone' | 'other' | 'lines' | 'picture';

const share = fc.nat(1000).map((value) => value / 1000);
const where: fc.Arbitrary<Where> = fc.oneof(
  { weight: 1, arbitrary: fc.record({ share }) },
  {
    weight: 2,
    arbitrary: fc.record({ hunk: fc.nat(7), atEnd: fc.boolean(), distance: fc.integer({ min: -3, max: 3 }) }),
  },
);
const typed = fc.constantFrom('', 'x', 'mask:', ' ', '\n', 'new\n\nblock', 'soup', '🍅', '漢字', 'ab');
const typing: fc.Arbitrary<What> = fc.record({ text: typed });
const copying: fc.Arbitrary<What> = fc.record({ copyFrom: share, length: fc.nat(40) });
const what = fc.oneof({ weight: 4, arbitrary: typing }, { weight: 1, arbitrary: copying });
const length = fc.oneof({ weight: 3, arbitrary: fc.nat(4) }, { weight: 1, arbitrary: fc.nat(60) });
const edit = fc.record({ where, length, what });
// Where everything is replaced, a copy cannot be told from what has moved.
const rewriting = fc.record({ where, length, what: typing });
export const rewrite = fc.constantFrom<Rewrite>(
  ...(['longer', 'prefixed', 'shorter', 'inner', 'gone', 'other', 'lines', 'picture'] as const),
);
const variant = fc.nat(3);
export const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('rewrite' as const),
      edits: fc.array(rewriting, { minLength: 1, maxLength: 6 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('line-end' as const), lineEnd: fc.constantFrom('\n', '\r\n') }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('undo' as const, 'redo' as const),
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('accept' as const), hunk: fc.nat(7), variant }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), hunk: fc.nat(7), variant }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('accept-all' as const), variant }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('reject-all' as const, 'end-run' as const, 'reload' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('begin-run' as const),
      places: fc.array(fc.record({ where, length: fc.nat(12), rewrite }), { minLength: 1, maxLength: 3 }),
    }),
  },
);

/** A document whose text tells one place from another, with hunks that often do not. */
export interface GeneratedReview {
  readonly text: string;
  readonly anchors: readonly Anchor[];
  readonly rewrites: readonly Rewrite[];
}

const before = fc.constantFrom('mask:', '<!--mask-->soup<!--/mask-->', 'soup', 'one\ntwo', '', 'a b', 'aa');
const separator = fc.constantFrom(' ', ' ', '\n', '\n\n', ' 漢 ', '');

export const generatedReview: fc.Arbitrary<GeneratedReview> = fc
  .array(fc.record({ words: fc.nat(7), before, rewrite, separator }), { minLength: 1, maxLength: 6 })
  .map((parts) => {
    let text = '';
    let word = 0;
    const anchors: Anchor[] = [];
    for (const [index, part] of parts.entries()) {
      // A place without text is told from its neighbours by the words around it.
      const count = part.before === '' || parts[index - 1]?.before === '' ? part.words + 2 : part.words;
      for (let left = count; left > 0; left -= 1)
        text += `word${(word += 1)}${left === 1 ? ' ' : part.separator || ' '}`;
      const place = { start: text.length, end: text.length + part.before.length };
      anchors.push(anchorOf(`m${index + 1}`, place, part.before));
      text += part.before + part.separator;
    }
    return { text: `${text}word${word + 1} end`, anchors, rewrites: parts.map(({ rewrite }) => rewrite) };
  });

function anchorOf(mask: string, place: Anchor['place'], text: string): Anchor {
  return { mask, kind: 'text', place, before: text, content: text, pictures: [], options: {} };
}

function proposalFor(
  { mask, before }: Anchor,
  how: Rewrite,
  destination: string,
): readonly [Proposal, string] {
  const other = `new ${destination}`;
  const texts: Readonly<Record<Rewrite, string>> = {
    longer: `${before} more`,
    prefixed: `more ${before}`,
    shorter: before.slice(0, before.length >> 1),
    inner: `${before.slice(0, 2)} or ${before.slice(2)}`,
    gone: '',
    other,
    lines: 'first\n\nsecond',
    picture: `![a](${destination})`,
  };
  if (how === 'picture') {
    return [{ mask, after: ['![a](', { picture: mask }, ')'], pictures: [] }, texts.picture];
  }
  const text = texts[how] === before ? other : texts[how];
  return [{ mask, after: text === '' ? [] : [text], pictures: [] }, text];
}

const lineFeeds = (text: string): string => text.replace(/\r\n?/g, '\n');
const isStanding = ({ state }: Hunk): boolean => state !== 'displaced' && state !== 'edited';

/** One sequence: an editor, and what must be true of it. */
export class Trial {
  readonly #editor: ReviewedEditor;
  readonly #reference: Reference;
  /** Of hunks whose run is going, and of those whose run has ended: what is proposed. */
  readonly #proposals = new Map<string, readonly Proposal[]>();
  readonly #afters = new Map<string, string>();
  #runs = 0;

  constructor(editor: ReviewedEditor) {
    this.#editor = editor;
    this.#reference = new Reference(editor.text());
  }

  async start({ anchors, rewrites }: GeneratedReview): Promise<void> {
    await this.#begin(anchors, rewrites);
    await this.#endRuns();
    this.check();
  }

  async run(action: Action): Promise<void> {
    switch (action.kind) {
      case 'edit':
      case 'rewrite':
        await this.#edit(action.edits, action.kind === 'rewrite');
        break;
      case 'line-end':
        await this.#setLineEnd(action.lineEnd);
        break;
      case 'undo':
      case 'redo':
        await this.#goBack(action.kind, action.times);
        break;
      case 'accept':
      case 'reject': {
        const open = this.#hunks().filter(
          ({ state }) => state === 'pending' || (state === 'displaced' && action.kind === 'reject'),
        );
        const hunk = open[action.hunk % Math.max(1, open.length)];
        if (!hunk) return;
        await (action.kind === 'accept' ? this.#accept([hunk], action.variant) : this.#reject([hunk]));
        break;
      }
      case 'accept-all':
        await this.#accept(
          this.#hunks().filter(({ state }) => state === 'pending'),
          action.variant,
        );
        break;
      case 'reject-all':
        await this.#reject(this.#hunks().filter(({ state }) => state === 'pending' || state === 'displaced'));
        break;
      case 'begin-run':
        await this.#beginAt(action.places);
        break;
      case 'end-run':
        await this.#endRuns();
        break;
      case 'reload':
        await this.#reload();
        break;
    }
    this.check();
  }

  /** Throws where the review is wrong. */
  check(): void {
    const text = this.#reference.text;
    same(this.#editor.text(), text, 'the text');
    same(this.#editor.review().text, text, 'the text of the review');
    same([...this.#hunks().map(({ id }) => id)].sort(), [...this.#reference.ids].sort(), 'the hunks');
    for (const hunk of this.#hunks()) {
      const expected = this.#reference.expected(hunk.id);
      if (!isStanding(hunk)) {
        same(undefined, expected, `${hunk.id}, which is ${hunk.state}`);
        continue;
      }
      const fault = this.#reference.faultOf(hunk);
      if (fault !== undefined) throw new Error(fault);
      const { start, end } = hunk.place;
      const side = hunk.state === 'accepted' ? 'written' : 'before';
      if (expected) same({ start, end, side }, expected, hunk.id);
      this.#reference.adopt(hunk);
    }
  }

  #hunks(): readonly Hunk[] {
    return this.#editor.review().hunks;
  }

  async #edit(edits: readonly Edit[], everything: boolean): Promise<void> {
    const cellEdits: CellEdit[] = [];
    const wanted = edits
      .map(({ where, length, what }) => ({ start: this.#cell(where), length, text: this.#textOf(what) }))
      .sort((a, b) => a.start - b.start);
    let free = 0;
    for (const { start, length, text } of wanted) {
      const end = Math.min(start + length, this.#reference.length);
      // An edit that changes nothing is no undo step in every editor.
      if (start < free || this.#reference.textOf(start, end) === text) continue;
      cellEdits.push({ start, end, text });
      free = end + 1;
    }
    if (cellEdits.length === 0) return;
    const offsetEdits = cellEdits.map((cellEdit) => this.#inOffsets(cellEdit));
    this.#reference.edit(cellEdits, everything);
    await this.#editor.edit(offsetEdits, everything);
  }

  async #setLineEnd(lineEnd: string): Promise<void> {
    if (this.#editor.lineEnd() === lineEnd || !/[\r\n]/.test(this.#reference.text)) return;
    this.#reference.setLineEnd(lineEnd);
    await this.#editor.setLineEnd(lineEnd);
  }

  async #goBack(kind: 'undo' | 'redo', times: number): Promise<void> {
    for (let count = 0; count < times; count += 1) {
      if (!(kind === 'undo' ? this.#reference.canUndo : this.#reference.canRedo)) return;
      this.#reference[kind]();
      await this.#editor[kind]();
      this.check();
    }
  }

  async #accept(hunks: readonly Hunk[], variant: number): Promise<void> {
    const edits: CellEdit[] = [];
    let last: Hunk['place'] | undefined;
    for (const { id, place } of hunks) {
      const isSame = last && last.start === place.start && last.end === place.end;
      if (last && (place.start < last.end || isSame)) continue;
      last = place;
      const text = this.#afters.get(id)!.replaceAll('\n', this.#editor.lineEnd());
      const cells = { start: this.#reference.cellAt(place.start), end: this.#reference.cellAt(place.end) };
      edits.push({ ...cells, text, accepts: id });
    }
    if (edits.length === 0) return;
    this.#reference.edit(edits);
    await this.#editor.accept(
      hunks.map(({ id }) => id),
      variant,
    );
    for (const { accepts } of edits) {
      const { state } = this.#hunks().find(({ id }) => id === accepts)!;
      same(state, 'accepted', accepts!);
    }
  }

  async #reject(hunks: readonly Hunk[]): Promise<void> {
    for (const { id } of hunks) this.#reference.forget(id);
    await this.#editor.reject(hunks.map(({ id }) => id));
  }

  async #beginAt(places: readonly NewHunk[]): Promise<void> {
    const anchors: Anchor[] = [];
    let free = 0;
    const starts = places.map((place) => ({ ...place, start: this.#cell(place.where) }));
    for (const { start, length } of starts.sort((a, b) => a.start - b.start)) {
      const end = Math.min(start + length, this.#reference.length);
      if (start < free) continue;
      free = end + 1;
      const place = { start: this.#reference.offsetOf(start), end: this.#reference.offsetOf(end) };
      anchors.push(anchorOf(`m${anchors.length + 1}`, place, this.#reference.textOf(start, end)));
    }
    await this.#begin(
      anchors,
      places.map(({ rewrite }) => rewrite),
    );
  }

  async #begin(anchors: readonly Anchor[], rewrites: readonly Rewrite[]): Promise<void> {
    const run = `r${(this.#runs += 1)}`;
    await this.#editor.begin(run, anchors);
    const made = anchors.map((anchor, index) =>
      proposalFor(
        { ...anchor, before: lineFeeds(anchor.before) },
        rewrites[index]!,
        `${run}-${anchor.mask}.png`,
      ),
    );
    this.#proposals.set(
      run,
      made.map(([proposal]) => proposal),
    );
    for (const [{ mask }, after] of made) this.#afters.set(`${run}:${mask}`, after);
    const hunks = this.#hunks();
    for (const id of this.#reference.ids)
      if (!hunks.some((hunk) => hunk.id === id)) this.#reference.forget(id);
    for (const hunk of hunks) if (hunk.run === run) this.#reference.track(hunk, this.#afters.get(hunk.id)!);
  }

  async #endRuns(): Promise<void> {
    for (const [run, proposals] of this.#proposals) await this.#editor.end(run, proposals);
    this.#proposals.clear();
  }

  async #reload(): Promise<void> {
    if (!this.#editor.reload) return;
    for (const { id, state } of this.#hunks()) {
      if (state !== 'pending' && state !== 'displaced') this.#reference.forget(id);
    }
    for (const run of this.#proposals.keys()) {
      for (const hunk of this.#hunks()) if (hunk.run === run) this.#reference.forget(hunk.id);
    }
    this.#proposals.clear();
    this.#reference.forgetHistory();
    await this.#editor.reload();
  }

  #cell(where: Where): number {
    const { length } = this.#reference;
    if ('share' in where) return Math.round(where.share * length);
    const hunks = this.#hunks();
    const hunk = hunks[where.hunk % Math.max(1, hunks.length)];
    if (!hunk) return length >> 1;
    const cell = this.#reference.cellAt(where.atEnd ? hunk.place.end : hunk.place.start);
    return Math.min(length, Math.max(0, cell + where.distance));
  }

  #textOf(what: What): string {
    const lineEnd = this.#editor.lineEnd();
    if ('text' in what) return what.text.replaceAll('\n', lineEnd);
    const start = Math.round(what.copyFrom * this.#reference.length);
    return this.#reference.textOf(start, start + what.length);
  }

  #inOffsets({ start, end, text }: CellEdit): OffsetEdit {
    return { start: this.#reference.offsetOf(start), end: this.#reference.offsetOf(end), text };
  }
}

function same(actual: unknown, expected: unknown, name: string): void {
  const [found, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (found !== wanted) throw new Error(`${name}: found ${found}, expected ${wanted}`);
}

/** `Action` as a command of fast-check. */
export class ReviewCommand implements fc.AsyncCommand<object, Trial> {
  readonly #action: Action;

  constructor(action: Action) {
    this.#action = action;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, trial: Trial): Promise<void> {
    await trial.run(this.#action);
  }

  toString(): string {
    return JSON.stringify(this.#action);
  }
}

export const reviewCommands = fc.commands([action.map((value) => new ReviewCommand(value))], {
  maxCommands: 30,
  size: 'max',
});
