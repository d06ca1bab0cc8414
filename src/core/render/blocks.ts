/**
 * A Markdown document as a list of its outermost blocks, each rendered to safe HTML on its own and only when it has
 * changed: what a page needs to follow a long document while it is written.
 */
import type { Env, MarkdownIt as Parser, RendererRule, Token } from 'markdown-it';
import { escapeHtml } from './escape.js';
import { blankFrontMatter, createParser } from './parser.js';
import { type ChangedLines, changedLines, markBlocks, placeStretches } from './stretch-elements.js';
import {
  firstChange,
  firstHole,
  neutralize,
  prepareText,
  sentinelOfDestination,
  type Stretch,
  withoutChanges,
  withoutSentinels,
} from './stretches.js';

/** A block in its place. Its HTML is made when it is first asked for: a reader sees few blocks of a long document. */
export class RenderedBlock {
  /** Where its lines begin in the source, in UTF-16 units; it reaches to the next block's. */
  readonly start: number;
  readonly #content: BlockContent;

  constructor(start: number, content: BlockContent) {
    this.start = start;
    this.#content = content;
  }

  get html(): string {
    return this.#content.html;
  }

  /** Whether both render to the same. */
  isLike(other: RenderedBlock): boolean {
    return this.#content === other.#content || this.html === other.html;
  }
}

/** What a block says, wherever it stands. */
class BlockContent {
  #html: string | undefined;
  #render: (() => string) | undefined;

  constructor(render: () => string) {
    this.#render = render;
  }

  get html(): string {
    this.#html ??= this.#render!();
    // With it go the tokens.
    this.#render = undefined;
    return this.#html;
  }
}

export interface BlockOptions {
  readonly stretches?: readonly Stretch[];
  /** Addresses of pictures, by their destination as `listPictures` gives it. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** Whether pictures at http and https addresses are loaded. */
  readonly remotePictures?: boolean;
}

const changeTags = /<mark class="oneflow"[^>]*>|<\/mark>/g;

/**
 * Renders like `renderMarkdown`, with other pictures: a hole, or a picture of a change's pieces, that is an image
 * becomes `<span class="slot" data-hole>` or `<span class="slot" data-picture>`, to be filled by the page.
 */
export class BlockRenderer {
  readonly #parser: Parser;
  /** By what they were made from. Blocks that are not there any more are forgotten at the next rendering. */
  #cache = new Map<string, BlockContent>();
  #sharedKey = '';
  #options: BlockOptions = {};

  constructor() {
    this.#parser = createParser();
    this.#parser.core.ruler.push('place_stretches', placeStretches);
    this.#parser.renderer.rules['hole'] = renderHole;
    this.#parser.renderer.rules['image'] = this.#renderPicture;
  }

  render(source: string, options: BlockOptions = {}): RenderedBlock[] {
    this.#options = options;
    const lineEnds = new LineEnds(source);
    const clean = neutralize(blankFrontMatter(lineEnds.text));
    const stretches = (options.stretches ?? []).map((stretch) => ({
      ...stretch,
      range: { start: lineEnds.fromSource(stretch.range.start), end: lineEnds.fromSource(stretch.range.end) },
    }));
    const { text, blockChanges, toSource } = prepareText(clean, stretches);
    const changes = changedLines(text, blockChanges);
    const environment: Env = {};
    const tokens: Token[] = [];
    this.#parser.block.parse(text.replaceAll('\0', '\uFFFD'), this.#parser, environment, tokens);
    this.#forgetUnless(environment);
    const cache = new Map<string, BlockContent>();
    const lineStarts = startsOfLines(text);
    const blocks = outermostBlocks(tokens).flatMap(({ tokens: group, first, end }): RenderedBlock[] => {
      const start = lineStarts[first]!;
      const inside = changesWithin(changes, first, end);
      const key = JSON.stringify(inside) + text.slice(start, lineStarts[end] ?? text.length);
      const content =
        cache.get(key) ??
        this.#cache.get(key) ??
        new BlockContent(() => {
          this.#options = options;
          return this.#renderBlock(group, environment, changes);
        });
      cache.set(key, content);
      if (mayBeEmpty(group) && content.html.trim() === '') return [];
      return [new RenderedBlock(lineEnds.toSource(toSource(start)), content)];
    });
    this.#cache = cache;
    return blocks;
  }

  /** Renders a text that stands within a line, with inline changes in it. */
  renderInline(text: string, changes: readonly Stretch[] = []): string {
    const clean = neutralize(text);
    const render = (prepared: string): string =>
      withoutSentinels(this.#parser.renderInline(prepared.replaceAll('\0', '\uFFFD'), {}));
    const marked = render(prepareText(clean, changes).text);
    if (changes.length === 0) return marked;
    const plain = render(clean);
    return marked.replaceAll(changeTags, '') === plain ? marked : plain;
  }

  /** What every block may depend on: link reference definitions and what is known of pictures. */
  #forgetUnless(environment: Env): void {
    const { pictures, remotePictures } = this.#options;
    const key = JSON.stringify([environment.references, [...(pictures ?? [])], remotePictures]);
    if (key !== this.#sharedKey) this.#cache.clear();
    this.#sharedKey = key;
  }

  #renderBlock(tokens: Token[], environment: Env, changes: readonly ChangedLines[]): string {
    markBlocks(tokens, changes);
    const marked = this.#finish(tokens, environment);
    const id = firstOf(tokens, ({ content }) => firstChange(content));
    if (id === undefined) return marked;
    // A sentinel beside `_` can undo an emphasis, and one within it has no partner. Such a change is marked by its
    // block: what the document says comes first.
    for (const token of tokens) token.content = withoutChanges(token.content);
    const plain = this.#finish(tokens, environment);
    const isMarked = marked.includes('<mark class="oneflow"');
    if (isMarked && marked.replaceAll(changeTags, '') === plain) return marked;
    return `<div class="oneflow" data-change="${escapeHtml(id)}">${plain}</div>`;
  }

  /** The parser's remaining rules, and its renderer, on the tokens of one block. */
  #finish(tokens: Token[], environment: Env): string {
    const state = new this.#parser.core.State('', this.#parser, environment);
    state.tokens = tokens.map((token) =>
      Object.assign(new state.Token('', '', 0), token, token.type === 'inline' && { children: [] }),
    );
    for (const rule of this.#parser.core.ruler.getRules('')) rule(state);
    return withoutSentinels(this.#parser.renderer.render(state.tokens, this.#parser.options, environment));
  }

  readonly #renderPicture: RendererRule = (tokens, index, options, env, renderer) => {
    const token = tokens[index]!;
    const destination = String(token.attrGet('src') ?? '');
    const children = token.children ?? [];
    const alt = escapeHtml(withoutSentinels(renderer.renderInlineAsText(children, options, env)));
    return this.#picture(destination, alt) + alternativeToFill(firstHole(token.content));
  };

  #picture(destination: string, alt: string): string {
    const sentinel = sentinelOfDestination(destination);
    if (sentinel) {
      const attribute = sentinel.kind === 'hole' ? 'data-hole' : 'data-picture';
      return `<span class="slot" role="img" aria-label="${alt}" ${attribute}="${escapeHtml(sentinel.id)}"></span>`;
    }
    const { pictures, remotePictures } = this.#options;
    const isRemote = /^https?:/i.test(destination);
    const uri = pictures?.get(destination) ?? (isRemote && remotePictures ? destination : undefined);
    if (uri !== undefined) return `<img src="${escapeHtml(uri)}" alt="${alt}">`;
    const why = isRemote ? ' data-remote=""' : '';
    return `<span class="picture-missing" role="img" aria-label="${alt}"${why}>${alt}</span>`;
  }
}

/** A hole in an alt text is shown beside the picture: an attribute cannot be filled word by word. */
function alternativeToFill(hole: string | undefined): string {
  if (hole === undefined) return '';
  return `<span class="alternative"><span data-hole="${escapeHtml(hole)}"></span></span>`;
}

const renderHole: RendererRule = (tokens, index) => {
  const { tag } = tokens[index]!;
  return `<${tag} data-hole="${escapeHtml(String(tokens[index]!.attrGet('data-hole')))}"></${tag}>`;
};

function firstOf<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Nothing but a paragraph of comments renders to nothing. */
function mayBeEmpty([first, inline]: readonly Token[]): boolean {
  return first?.type === 'paragraph_open' && inline!.content.startsWith('<!--');
}

interface OutermostBlock {
  readonly tokens: Token[];
  /** Its lines: the first, and the one after the last. */
  readonly first: number;
  readonly end: number;
}

function outermostBlocks(tokens: readonly Token[]): OutermostBlock[] {
  const blocks: OutermostBlock[] = [];
  let begin = 0;
  tokens.forEach((token, index) => {
    if (token.level !== 0 || token.nesting > 0) return;
    const group = tokens.slice(begin, index + 1);
    begin = index + 1;
    const [first, end] = group[0]!.map ?? [0, 0];
    blocks.push({ tokens: group, first, end });
  });
  return blocks;
}

function changesWithin(changes: readonly ChangedLines[], first: number, end: number): ChangedLines[] {
  return changes
    .filter((change) => change.first < end && change.end > first)
    .map(({ id, first: from, end: to }) => ({ id, first: from - first, end: to - first }));
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A text with LF line ends, and the way between its offsets and those of the source. */
class LineEnds {
  readonly text: string;
  /** Where, in `text`, each LF stands that was two characters; undefined when there is none. */
  readonly #shortened: readonly number[];

  constructor(source: string) {
    const shortened: number[] = [];
    this.text = source.replace(/\r\n?/g, (lineEnd, offset: number) => {
      if (lineEnd.length === 2) shortened.push(offset - shortened.length);
      return '\n';
    });
    this.#shortened = shortened;
  }

  toSource(offset: number): number {
    return offset + countBelow(this.#shortened, (place) => place < offset);
  }

  fromSource(offset: number): number {
    // The nth of them began in the source n characters further on.
    return offset - countBelow(this.#shortened, (place, index) => place + index < offset - 1);
  }
}

/** How many of ascending `numbers` are below a limit. */
function countBelow(numbers: readonly number[], isBelow: (number: number, index: number) => boolean): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isBelow(numbers[middle]!, middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
