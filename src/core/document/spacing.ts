/** Where words that are put into a text need a space to part them from what they touch. */
import type { InlineNode } from './inline-nodes.js';
import type { Sides } from './types.js';

/** Scripts that put no space between words, and their punctuation, which brings its own. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\u3000-\u303F\uFF01-\uFF65]/u;

/** What a word follows at once. A straight quote opens where nothing that it could close stands before it. */
const OPENS = /(?:^|[\s([{“‘„‚«‹¿¡|]|(?:^|[\s([{*_~|])["'])$/;
/** What follows a word at once, such as the backslash of a hard break. */
const CLOSES = /^(?:$|[\s.,;:!?…)\]}”’»›|]|\\\s|["'“‘](?:$|[\s.,;:!?…)\]}*_~|]))/;
/** The end of a delimiter; one that is escaped is none. */
const DELIMITER_BEFORE = /(?:^|[^\\])[*_~]$/;

/** Whether words at `offset` of `text` touch something on either side; `nodes` are the constructs around there. */
export function touchedAt(nodes: readonly InlineNode[], text: string, offset: number): Sides {
  const before = text.slice(Math.max(0, offset - 2), offset);
  const after = text.slice(offset, offset + 2);
  // A delimiter is a part of the words beyond it. On the way in or out of emphasis there is nothing to part.
  const isPast = DELIMITER_BEFORE.test(before) ? edgesOf(nodes).ends.has(offset) : undefined;
  const isAhead = /^[*_~]/.test(after) ? edgesOf(nodes).starts.has(offset) : undefined;
  return {
    before: isPast ?? !(OPENS.test(before) || isUnspaced(unitBefore(text, offset))),
    after: isAhead ?? !(CLOSES.test(after) || isUnspaced(unitAfter(text, offset))),
  };
}

interface Edges {
  readonly starts: ReadonlySet<number>;
  readonly ends: ReadonlySet<number>;
}

/** For texts with many marks: the edges of their constructs are looked up again and again. */
const edges = new WeakMap<readonly InlineNode[], Edges>();

function edgesOf(nodes: readonly InlineNode[]): Edges {
  const known = edges.get(nodes);
  if (known) return known;
  const found = {
    starts: new Set(nodes.map(({ start }) => start)),
    ends: new Set(nodes.map(({ end }) => end)),
  };
  edges.set(nodes, found);
  return found;
}

/** Whether `unit` is of a script that puts no space between words. */
export function isUnspaced(unit: string): boolean {
  return UNSPACED.test(unit);
}

/** The character that ends at `offset`, '' at the start. */
export function unitBefore(text: string, offset: number): string {
  const pair = text.slice(Math.max(0, offset - 2), offset);
  return /^[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(pair) ? pair : pair.slice(-1);
}

export function unitAfter(text: string, offset: number): string {
  const code = text.codePointAt(offset);
  return code === undefined ? '' : String.fromCodePoint(code);
}
