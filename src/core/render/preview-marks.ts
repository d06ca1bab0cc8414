/**
 * Marks in somebody else's markdown-it, such as that of VS Code's own Markdown preview: masked text and image slots
 * become elements with classes. It goes by what this markdown-it reads, so a mark that begins a line, which CommonMark
 * takes for HTML, is shown as well as one within it. Marks without a partner are comments, as everywhere else.
 */
import type { MarkdownIt, StateBlock, StateCore, StateInline, Token } from 'markdown-it';

/** What is said of marks, in the reader's language. */
export interface MarkLabels {
  readonly maskedText: string;
  readonly somethingNew: string;
  readonly imageSlot: string;
}

// Bounded, so that many openings without an end on one line take no quadratic time.
const MARK = /<!--[ \t]*(?:(\/)[ \t]*mask[ \t]{0,9}|mask(?:[ \t][^\r\n]{0,500}?)?(\/?))-->/y;

/** Their tokens are `oneflow_open` and so on; of own-line marks `oneflow_open_block` and so on. */
type MarkKind = 'open' | 'close' | 'empty';

/** Teaches `markdown` to show marks. It is returned, as markdown-it's own plugins do. */
export function showMarksIn(markdown: MarkdownIt, labels: MarkLabels): MarkdownIt {
  markdown.inline.ruler.before('html_inline', 'oneflow_mark', readInlineMark);
  markdown.block.ruler.before('html_block', 'oneflow_marks', readMarkLine, {
    alt: ['paragraph', 'reference', 'blockquote'],
  });
  markdown.core.ruler.push('oneflow_marks', pairMarks);

  const { escapeHtml } = markdown.utils;
  const title = ` title="${escapeHtml(labels.maskedText)}"`;
  const empty = (element: string): string =>
    `<${element} class="oneflow-mask oneflow-empty"${title}>${escapeHtml(labels.somethingNew)}</${element}>`;
  const rules = markdown.renderer.rules;
  rules['oneflow_open'] = () => `<span class="oneflow-mask"${title}>`;
  rules['oneflow_close'] = () => '</span>';
  rules['oneflow_empty'] = () => empty('span');
  rules['oneflow_open_block'] = () => `<div class="oneflow-mask"${title}>\n`;
  rules['oneflow_close_block'] = () => '</div>\n';
  rules['oneflow_empty_block'] = () => `${empty('p')}\n`;
  rules['oneflow_lone'] = () => '';
  rules['oneflow_slot'] = (tokens, index, options, env, renderer) => {
    const alt = escapeHtml(renderer.renderInlineAsText(tokens[index]!.children ?? [], options, env));
    const label = escapeHtml(labels.imageSlot);
    return `<span class="oneflow-slot" role="img" aria-label="${label}: ${alt}" title="${label}">${alt}</span>`;
  };
  return markdown;
}

function markAt(text: string, offset: number): { readonly kind: MarkKind; readonly end: number } | undefined {
  MARK.lastIndex = offset;
  const match = MARK.exec(text);
  if (!match) return undefined;
  return { kind: match[1] ? 'close' : match[2] ? 'empty' : 'open', end: offset + match[0].length };
}

function readInlineMark(state: StateInline, silent: boolean): boolean {
  if (state.src[state.pos] !== '<') return false;
  const mark = markAt(state.src, state.pos);
  if (!mark || mark.end > state.posMax) return false;
  if (!silent) state.push(`oneflow_${mark.kind}`, '', 0);
  state.pos = mark.end;
  return true;
}

/** A line of marks alone is a line of own-line marks; a line that begins with one is a paragraph like any other. */
function readMarkLine(state: StateBlock, line: number, endLine: number, silent: boolean): boolean {
  const start = state.bMarks[line]! + state.tShift[line]!;
  const text = state.src.slice(start, state.eMarks[line]).trimEnd();
  if (state.sCount[line]! - state.blkIndent >= 4 || !markAt(text, 0)) return false;
  const kinds: MarkKind[] = [];
  let at = 0;
  for (let mark = markAt(text, at); mark; mark = markAt(text, at)) {
    kinds.push(mark.kind);
    at = mark.end;
    while (text[at] === ' ' || text[at] === '\t') at++;
  }
  if (at < text.length) {
    if (silent) return false;
    const [underlinedHeading, paragraph] = state.md.block.ruler.getRules('').slice(-2);
    return underlinedHeading!(state, line, endLine, false) || paragraph!(state, line, endLine, false);
  }
  if (silent) return true;
  for (const kind of kinds) state.push(`oneflow_${kind}_block`, '', 0).map = [line, line + 1];
  state.line = line + 1;
  return true;
}

/** Marks that have no partner on their level are shown as nothing, and images that lead to `mask:` as slots. */
function pairMarks(state: StateCore): void {
  pairTokens(state.tokens, '_block');
  const pending = state.tokens.flatMap(({ children }) => (children ? [children] : []));
  for (let tokens = pending.pop(); tokens; tokens = pending.pop()) {
    pairTokens(tokens, '');
    for (const token of tokens) {
      if (token.type === 'image' && String(token.attrGet('src')).startsWith('mask:'))
        token.type = 'oneflow_slot';
      if (token.children) pending.push(token.children);
    }
  }
}

function pairTokens(tokens: readonly Token[], suffix: '' | '_block'): void {
  let open: { readonly token: Token; readonly index: number } | undefined;
  const forget = (token: Token | undefined): void => {
    if (token) token.type = 'oneflow_lone';
  };
  tokens.forEach((token, index) => {
    // Past the end of what the opener stands in, nothing can close it.
    if (open && token.level < open.token.level) {
      forget(open.token);
      open = undefined;
    }
    if (token.type === `oneflow_open${suffix}`) {
      if (open) forget(token);
      else open = { token, index };
    } else if (token.type === `oneflow_close${suffix}`) {
      if (open?.token.level !== token.level) forget(token);
      else {
        if (isBlank(tokens, open.index + 1, index)) {
          open.token.type = `oneflow_empty${suffix}`;
          forget(token);
        }
        open = undefined;
      }
    }
  });
  forget(open?.token);
}

function isBlank(tokens: readonly Token[], from: number, to: number): boolean {
  return tokens
    .slice(from, to)
    .every(({ type, content }) => type === 'softbreak' || (type === 'text' && content.trim() === ''));
}
