/** markdown-it as documents are shown with it: raw HTML is text, comments are left out, nothing else is rewritten. */
import MarkdownIt, { type MarkdownIt as Parser, type RendererRule } from 'markdown-it';
import { bodyStartOf } from '../document/mark-free.js';
import { hideComments } from './comments.js';
import { isFollowable } from './links.js';

/**
 * A parser that reads every destination, so that a picture or link that may not be followed keeps its words, and a
 * renderer that gives no link an address which `isFollowable` does not allow.
 */
export function createParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: false, typographer: false });
  parser.validateLink = () => true;
  hideComments(parser);
  parser.renderer.rules['link_open'] = renderLinkOpen;
  return parser;
}

/** Replaces byte order mark and front matter by spaces, so that neither is shown and every offset stays what it was. */
export function blankFrontMatter(source: string): string {
  const bodyStart = bodyStartOf(source);
  return source.slice(0, bodyStart).replaceAll(/[^\r\n]/g, ' ') + source.slice(bodyStart);
}

const renderLinkOpen: RendererRule = (tokens, index, options, _env, renderer) => {
  const token = tokens[index]!;
  if (!isFollowable(String(token.attrGet('href') ?? ''))) token.attrs = null;
  return renderer.renderToken(tokens, index, options);
};
