/** markdown-it as this folder uses it: CommonMark and GFM tables, with nothing judged or rewritten. */
import createMarkdownIt, { type MarkdownIt } from 'markdown-it';

/** Containers nested deeper than this are not parsed; the bound keeps hostile documents from costing stack and time. */
const MAX_NESTING = 100;

/** A parser that takes every destination as it is written. */
export function createParser(): MarkdownIt {
  const markdown = createMarkdownIt({ html: true, maxNesting: MAX_NESTING });
  markdown.validateLink = () => true;
  markdown.normalizeLink = (url) => url;
  return markdown;
}
