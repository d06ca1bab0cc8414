/**
 * Markdown to HTML that is safe to show: raw HTML is text, links go only where `isFollowable` allows, and a picture
 * is shown only when its bytes were passed in.
 */
import MarkdownIt, {
  type MarkdownIt as Parser,
  type RendererRule,
  type StateCore,
  type StateInline,
} from 'markdown-it';
import { bodyStartOf } from '../document/mark-free.js';
import { escapeHtml } from './escape.js';
import {
  highlightBlocks,
  highlightInline,
  type Highlight,
  neutralizeSentinels,
  withSentinels,
} from './highlight.js';
import { isFollowable } from './links.js';

export interface RenderOptions {
  /** `data:` URI of each picture to show, by its destination as `listDestinations` gives it. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** Stretches of the source to mark in the result, in order and apart from each other. */
  readonly highlights?: readonly Highlight[];
}

/** The destinations of a document, in order, percent-encoded as the renderer sees them. */
export interface Destinations {
  readonly links: readonly string[];
  readonly pictures: readonly string[];
}

/** Lists where the links and pictures of `source` lead. Front matter and code have none. */
export function listDestinations(source: string): Destinations {
  const links: string[] = [];
  const pictures: string[] = [];
  const pending = createParser().parse(blankFrontMatter(source), {}).reverse();
  for (let token = pending.pop(); token; token = pending.pop()) {
    if (token.type === 'link_open') links.push(String(token.attrGet('href') ?? ''));
    if (token.type === 'image') pictures.push(String(token.attrGet('src') ?? ''));
    for (const child of token.children?.reverse() ?? []) pending.push(child);
  }
  return { links, pictures };
}

/** Renders `source` as the body of a page. */
export function renderMarkdown(source: string, options: RenderOptions = {}): string {
  const { pictures = new Map<string, string>(), highlights = [] } = options;
  const clean = neutralizeSentinels(blankFrontMatter(source));
  const render = (text: string): string => {
    const parser = createParser();
    parser.core.ruler.push('highlight_blocks', highlightBlocks(clean, highlights));
    parser.core.ruler.push('highlight_inline', highlightInline);
    parser.renderer.rules['link_open'] = renderLinkOpen;
    parser.renderer.rules['image'] = renderPicture(pictures);
    // A sentinel in code, in an alt text or across levels has not become an element: it goes.
    return parser.render(text).replaceAll(/[\uE000\uE001]|%EE%80%8[01]/g, '');
  };
  const plain = render(clean);
  if (highlights.every(({ block }) => block)) return plain;
  const marked = render(withSentinels(clean, highlights));
  // A sentinel beside `_` can undo an emphasis. A highlight must never change what the document says.
  return marked.replaceAll(/<mark class="oneflow">|<\/mark>/g, '') === plain ? marked : plain;
}

/** Replaces byte order mark and front matter by spaces, so that neither is shown and every offset stays what it was. */
function blankFrontMatter(source: string): string {
  const bodyStart = bodyStartOf(source);
  return source.slice(0, bodyStart).replaceAll(/[^\r\n]/g, ' ') + source.slice(bodyStart);
}

function createParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
  // Every destination is parsed, so that a picture or link that may not be followed keeps its words; the renderer
  // decides what becomes of it.
  parser.validateLink = () => true;
  parser.inline.ruler.before('html_inline', 'comment', commentRule());
  parser.core.ruler.push('drop_empty_paragraphs', dropEmptyParagraphs);
  return parser;
}

/** An inline rule that leaves out HTML comments, the marks of masked spans among them. */
function commentRule(): (state: StateInline) => boolean {
  // Once a comment was not closed, no later one in the same content is: looking again would take quadratic time.
  let unclosedIn: string | undefined;
  return (state) => {
    if (state.src === unclosedIn || !state.src.startsWith('<!--', state.pos)) return false;
    const end = state.src.indexOf('-->', state.pos + 4);
    if (end < 0) unclosedIn = state.src;
    if (end < 0 || end + 3 > state.posMax) return false;
    state.pos = end + 3;
    return true;
  };
}

/** Takes out the paragraphs that held nothing but comments. */
function dropEmptyParagraphs(state: StateCore): void {
  const dropped = new Set<number>();
  state.tokens.forEach((token, index) => {
    if (token.type !== 'inline' || state.tokens[index - 1]?.type !== 'paragraph_open') return;
    if (token.children?.every(({ type }) => type === 'softbreak')) {
      for (const part of [index - 1, index, index + 1]) dropped.add(part);
    }
  });
  if (dropped.size > 0) state.tokens = state.tokens.filter((_, index) => !dropped.has(index));
}

const renderLinkOpen: RendererRule = (tokens, index, options, _env, renderer) => {
  const token = tokens[index]!;
  if (!isFollowable(String(token.attrGet('href') ?? ''))) token.attrs = null;
  return renderer.renderToken(tokens, index, options);
};

function renderPicture(pictures: ReadonlyMap<string, string>): RendererRule {
  return (tokens, index, options, env, renderer) => {
    const token = tokens[index]!;
    const alt = escapeHtml(renderer.renderInlineAsText(token.children ?? [], options, env));
    const uri = pictures.get(String(token.attrGet('src') ?? ''));
    return uri === undefined
      ? `<span class="picture-missing" role="img" aria-label="${alt}">${alt}</span>`
      : `<img src="${escapeHtml(uri)}" alt="${alt}">`;
  };
}
