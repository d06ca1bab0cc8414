/** markdown-it as documents are shown with it: raw HTML is text, comments are left out, nothing else is rewritten. */
import MarkdownIt, {
  type MarkdownIt as Parser,
  type RendererRule,
  type StateCore,
  type StateInline,
} from 'markdown-it';
import { bodyStartOf } from '../document/mark-free.js';
import { isFollowable } from './links.js';

/**
 * A parser that reads every destination, so that a picture or link that may not be followed keeps its words, and a
 * renderer that gives no link an address which `isFollowable` does not allow.
 */
export function createParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
  parser.validateLink = () => true;
  parser.inline.ruler.before('html_inline', 'comment', commentRule());
  parser.core.ruler.push('drop_empty_paragraphs', dropEmptyParagraphs);
  parser.renderer.rules['link_open'] = renderLinkOpen;
  return parser;
}

/** Replaces byte order mark and front matter by spaces, so that neither is shown and every offset stays what it was. */
export function blankFrontMatter(source: string): string {
  const bodyStart = bodyStartOf(source);
  return source.slice(0, bodyStart).replaceAll(/[^\r\n]/g, ' ') + source.slice(bodyStart);
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
