/**
 * The inline constructs of a stretch of text with where they stand. markdown-it gives inline tokens no positions; its
 * parser is run rule by rule, and where each rule begins and ends is written down.
 */
import type { Delimiter, Env, ParserInline, StateInline, Token } from 'markdown-it';
import { createParser } from './markdown.js';
import type { Range } from './types.js';

export interface InlineNode extends Range {
  readonly kind: 'emphasis' | 'link' | 'image' | 'code' | 'html' | 'autolink' | 'entity' | 'footnote';
  /** What is between the delimiters: emphasised text, a link's text, an alt text. Empty for the others. */
  readonly inner: Range;
  /** Links and images: `range` is missing when the destination stands in a reference definition. */
  readonly destination?: { readonly text: string; readonly range?: Range };
  /** Within the alt text of an image, where an image is no picture of its own. */
  readonly inAlt: boolean;
}

const FOOTNOTE_REFERENCE = 'footnote_reference';
/** `[^1]`, but not as the text of a link. */
const REFERENCE = /\[\^[^\]\[\\\s`<>]+\](?!\(|\[[^\]^])/y;

type Found = Omit<InlineNode, 'inAlt'>;

/** Finds inline constructs, text by text, for the reference definitions of one document. */
export class InlineScanner {
  readonly #markdown = createParser();
  readonly #env: Env;
  #found: Found[] = [];
  #offsets = new Map<Delimiter, number>();
  #lastLabelEnd = 0;

  /** @param env what `parseBlocks` returned for the document. */
  constructor(env: Env) {
    this.#env = env;
    const { inline } = this.#markdown;
    inline.ruler.before('link', FOOTNOTE_REFERENCE, readFootnoteReference);
    inline.ruler2.enableOnly(['balance_pairs']);
    inline.tokenize = (state: StateInline) => {
      this.#tokenize(inline, state);
    };
    // The image rule would parse alt texts one inside the other; `scan` does it one after the other.
    inline.parse = () => undefined;
  }

  /** The constructs of `content`, sorted by start, outer before inner; they nest properly. */
  scan(content: string): InlineNode[] {
    const nodes: InlineNode[] = [];
    const texts = [{ text: content, base: 0, inAlt: false }];
    for (let next = texts.pop(); next; next = texts.pop()) {
      const { text, base, inAlt } = next;
      for (const node of this.#scanText(text)) {
        nodes.push({ ...moved(node, base), inAlt });
        if (node.kind !== 'image' || node.inner.start === node.inner.end) continue;
        const alt = text.slice(node.inner.start, node.inner.end);
        texts.push({ text: alt, base: base + node.inner.start, inAlt: true });
      }
    }
    return nodes.sort((a, b) => a.start - b.start || b.end - a.end);
  }

  #scanText(text: string): readonly Found[] {
    this.#found = [];
    this.#offsets = new Map();
    const { inline } = this.#markdown;
    const state = new inline.State(text, this.#markdown, this.#env, []);
    inline.tokenize(state);
    for (const rule of inline.ruler2.getRules('')) rule(state);
    this.#noteEmphasis(state.delimiters);
    for (const meta of state.tokens_meta) if (meta?.delimiters) this.#noteEmphasis(meta.delimiters);
    return this.#found;
  }

  #tokenize(parser: ParserInline, state: StateInline): void {
    const rules = parser.ruler.getRules('');
    const end = state.posMax;
    while (state.pos < end) {
      const start = state.pos;
      const tokenCount = state.tokens.length;
      const { delimiters } = state;
      const delimiterCount = delimiters.length;
      const matched = state.level < state.md.options.maxNesting && rules.some((rule) => rule(state, false));
      if (!matched) {
        state.pending += state.src[state.pos++]!;
        continue;
      }
      if (state.delimiters === delimiters && delimiters.length > delimiterCount) {
        this.#noteDelimiters(state.src, start, state.pos, delimiters.slice(delimiterCount));
      } else this.#noteToken(state, start, state.tokens[tokenCount], state.tokens[tokenCount + 1]);
    }
    if (state.pending) state.pushPending();
    this.#lastLabelEnd = end;
  }

  #noteDelimiters(text: string, start: number, end: number, delimiters: readonly Delimiter[]): void {
    const length = text[start] === '~' ? 2 : 1;
    // An odd tilde comes first and is plain text.
    const first = start + ((end - start) % length);
    delimiters.forEach((delimiter, index) => this.#offsets.set(delimiter, first + index * length));
  }

  #noteEmphasis(delimiters: readonly Delimiter[]): void {
    for (const opener of delimiters) {
      const closer = delimiters[opener.end];
      const start = this.#offsets.get(opener);
      const innerEnd = closer && this.#offsets.get(closer);
      if (start === undefined || innerEnd === undefined) continue;
      const length = opener.marker === 0x7e /* ~ */ ? 2 : 1;
      const inner = { start: start + length, end: innerEnd };
      this.#found.push({ kind: 'emphasis', start, end: innerEnd + length, inner });
    }
  }

  /** Notes the construct that a rule has just read from `start` to `state.pos`, if its first tokens show one. */
  #noteToken(state: StateInline, start: number, first: Token | undefined, second: Token | undefined): void {
    // Plain text that was pending comes first.
    const token = first?.type === 'text' ? second : first;
    const range = { start, end: state.pos };
    const none = { start, end: start };
    if (token?.type === 'code_inline') this.#found.push({ kind: 'code', ...range, inner: none });
    if (token?.info === 'entity') this.#found.push({ kind: 'entity', ...range, inner: none });
    if (token?.type === 'html_inline') this.#found.push({ kind: 'html', ...range, inner: none });
    if (token?.type === FOOTNOTE_REFERENCE) this.#found.push({ kind: 'footnote', ...range, inner: none });
    if (token?.type === 'link_open') {
      if (token.markup === 'autolink') this.#found.push({ kind: 'autolink', ...range, inner: none });
      else {
        const inner = { start: start + 1, end: this.#lastLabelEnd };
        this.#found.push({ kind: 'link', ...range, inner, destination: destinationOf(state, token, inner) });
      }
    }
    if (token?.type === 'image') {
      const inner = { start: start + 2, end: start + 2 + token.content.length };
      this.#found.push({ kind: 'image', ...range, inner, destination: destinationOf(state, token, inner) });
    }
  }
}

/** A reference to a footnote: to CommonMark it is text, to authors it leads to the footnote of that label. */
function readFootnoteReference(state: StateInline, silent: boolean): boolean {
  // When it looks for a link's end, markdown-it takes it for a link within the link.
  if (silent) return false;
  REFERENCE.lastIndex = state.pos;
  const [reference] = REFERENCE.exec(state.src) ?? [];
  if (reference === undefined) return false;
  state.push(FOOTNOTE_REFERENCE, '', 0);
  state.pos += reference.length;
  return true;
}

/** `nodes[index]` with the links and emphasis around it that hold nothing else. */
export function withWrappers(nodes: readonly InlineNode[], index: number): Range {
  let { start, end } = nodes[index]!;
  for (let at = index - 1; at >= 0; at--) {
    const { inner, ...outer } = nodes[at]!;
    if (inner.start !== start || inner.end !== end) break;
    ({ start, end } = outer);
  }
  return { start, end };
}

function destinationOf(
  state: StateInline,
  token: Token,
  label: Range,
): NonNullable<InlineNode['destination']> {
  // Only links and images that refer to a definition carry a label.
  if (token.meta) return { text: String(token.attrGet('href') ?? token.attrGet('src') ?? '') };
  let start = label.end + ']('.length;
  while (/[ \t\n]/.test(state.src[start] ?? '')) start++;
  const parsed = state.md.helpers.parseLinkDestination(state.src, start, state.posMax);
  return parsed.ok
    ? { text: parsed.str, range: { start, end: parsed.pos } }
    : { text: '', range: { start, end: start } };
}

function moved(node: Found, by: number): Found {
  if (by === 0) return node;
  const shift = ({ start, end }: Range): Range => ({ start: start + by, end: end + by });
  const { destination } = node;
  return {
    ...node,
    ...shift(node),
    inner: shift(node.inner),
    ...(destination && {
      destination: { ...destination, ...(destination.range && { range: shift(destination.range) }) },
    }),
  };
}
