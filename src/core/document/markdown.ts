/** markdown-it as this folder uses it: CommonMark and GFM tables, with nothing judged or rewritten. */
import createMarkdownIt, { type MarkdownIt, type StateBlock } from 'markdown-it';

/** Containers nested deeper than this are not parsed; the bound keeps hostile documents from costing stack and time. */
const MAX_NESTING = 100;

/** What the text of a footnote begins with, for a regular expression. */
export const FOOTNOTE_LABEL = String.raw`\[\^[^\]\s]+\]:`;
const FOOTNOTE = new RegExp(FOOTNOTE_LABEL, 'y');
const DEFINITION = /\[[^\]]+\]:/y;

/**
 * A parser that takes every destination as it is written. A line that begins with `[^1]:` begins a paragraph: to
 * CommonMark it may be a link reference definition, to authors it is a footnote, whose text can be masked.
 */
export function createParser(): MarkdownIt {
  const markdown = createMarkdownIt({ html: true, maxNesting: MAX_NESTING });
  markdown.validateLink = () => true;
  markdown.normalizeLink = (url) => url;
  markdown.block.ruler.before('reference', 'footnote', readFootnote);
  return markdown;
}

/** A paragraph or underlined heading up to the next footnote or definition. */
function readFootnote(state: StateBlock, line: number, endLine: number, silent: boolean): boolean {
  if (silent || !beginsWith(FOOTNOTE, state, line)) return false;
  let next = line + 1;
  while (next < endLine && !state.isEmpty(next) && !beginsWith(DEFINITION, state, next)) next++;
  const [underlinedHeading, paragraph] = state.md.block.ruler.getRules('').slice(-2);
  return underlinedHeading!(state, line, next, false) || paragraph!(state, line, next, false);
}

function beginsWith(pattern: RegExp, state: StateBlock, line: number): boolean {
  pattern.lastIndex = state.bMarks[line]! + state.tShift[line]!;
  return pattern.test(state.src);
}
