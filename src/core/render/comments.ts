/**
 * Leaves HTML comments out of what is shown, the marks of masked spans among them: what authors have hidden stays
 * hidden where raw HTML is shown as text.
 */
import type { MarkdownIt, StateBlock, StateCore, StateInline } from 'markdown-it';

export function hideComments(parser: MarkdownIt): void {
  const alt = ['paragraph', 'reference', 'blockquote'];
  parser.block.ruler.before('html_block', 'comment', blockCommentRule(), { alt });
  parser.inline.ruler.before('html_inline', 'comment', commentRule());
  parser.core.ruler.push('drop_empty_paragraphs', dropEmptyParagraphs);
}

/**
 * A block rule for a comment that begins a line and ends on a later one (CommonMark §4.6, kind 2): there may be
 * anything in it, blank lines too. What follows its end on the line is a paragraph. One that is never closed is text,
 * so that an author who types it sees what is missing.
 */
function blockCommentRule(): (state: StateBlock, line: number, endLine: number, silent: boolean) => boolean {
  const findEnd = endFinder();
  return (state, line, endLine, silent) => {
    const start = state.bMarks[line]! + state.tShift[line]!;
    const isCode = state.sCount[line]! - state.blkIndent >= 4;
    if (isCode || !leavesCommentOpen(state.src.slice(start, state.eMarks[line]))) return false;
    const last = findEnd(state, line + 1, endLine);
    if (last === undefined) return false;
    if (silent) return true;
    const end = state.src.indexOf('-->', state.bMarks[last]) + '-->'.length;
    const after = state.src.slice(end, state.eMarks[last]);
    if (after.trim() === '') {
      state.line = last + 1;
      return true;
    }
    state.bMarks[last] = end;
    state.tShift[last] = after.length - after.trimStart().length;
    state.sCount[last] = state.blkIndent;
    const firstToken = state.tokens.length;
    const [underlinedHeading, paragraph] = state.md.block.ruler.getRules('').slice(-2);
    if (!underlinedHeading!(state, last, endLine, false)) paragraph!(state, last, endLine, false);
    // The comment is part of its lines: they alone say what is shown.
    for (const { map } of state.tokens.slice(firstToken)) if (map) map[0] = line;
    return true;
  };
}

/** Whether there is nothing on a line but comments, the last of which is not closed on it. */
function leavesCommentOpen(text: string): boolean {
  for (let at = 0; text.startsWith('<!--', at);) {
    const end = text.indexOf('-->', at + '<!'.length);
    if (end < 0) return true;
    at = end + '-->'.length;
    while (text[at] === ' ' || text[at] === '\t') at++;
  }
  return false;
}

/** Finds the line from `from` on that closes a comment; undefined when what the comment stands in ends before. */
function endFinder(): (state: StateBlock, from: number, endLine: number) => number | undefined {
  // Where the last search ended every one ends that begins within it: searching again would take quadratic time.
  let known = { source: '', level: 0, blkIndent: 0, endLine: 0, from: 0, stop: -1, isClosed: false };
  return ({ src: source, level, blkIndent, bMarks, eMarks, sCount, tShift }, from, endLine) => {
    const isKnown =
      known.source === source &&
      known.level === level &&
      known.blkIndent === blkIndent &&
      known.endLine === endLine &&
      known.from <= from &&
      from <= known.stop;
    if (!isKnown) {
      const isOutside = (line: number): boolean =>
        line >= endLine || (sCount[line]! < blkIndent && bMarks[line]! + tShift[line]! < eMarks[line]!);
      const closes = (line: number): boolean => source.slice(bMarks[line], eMarks[line]).includes('-->');
      let stop = from;
      while (!isOutside(stop) && !closes(stop)) stop++;
      known = { source, level, blkIndent, endLine, from, stop, isClosed: !isOutside(stop) };
    }
    return known.isClosed ? known.stop : undefined;
  };
}

/** An inline rule for comments within a paragraph. */
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
