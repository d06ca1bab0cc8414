/**
 * Highlights in rendered Markdown. A block highlight gives the blocks on its lines the class `oneflow`. An inline
 * one becomes `<mark class="oneflow">`: markdown-it keeps no inline offsets, so two private-use characters travel
 * through the parser and are turned into the element where both ends lie on one level.
 */
import type { StateCore, Token } from 'markdown-it';

/** A stretch of the source, in UTF-16 units. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  /** Whole lines rather than a stretch inside one. */
  readonly block: boolean;
}

const opening = '\uE000';
const closing = '\uE001';
const sentinels = /[\uE000\uE001]/g;

/** Takes the two private-use characters out of foreign text; lengths stay. */
export function neutralizeSentinels(source: string): string {
  return source.replaceAll(sentinels, '\uFFFD');
}

/** Puts the sentinels of the inline highlights into `source`. */
export function withSentinels(source: string, highlights: readonly Highlight[]): string {
  const parts: string[] = [];
  let position = 0;
  for (const { start, end, block } of highlights) {
    if (block || end <= start) continue;
    parts.push(source.slice(position, start), opening, source.slice(start, end), closing);
    position = end;
  }
  return parts.join('') + source.slice(position);
}

/** A core rule that gives the blocks on the lines of the block highlights the class. */
export function highlightBlocks(
  source: string,
  highlights: readonly Highlight[],
): (state: StateCore) => void {
  const ranges = lineRanges(source, highlights);
  return (state) => {
    if (ranges.length > 0) markBlocks(state.tokens, ranges);
  };
}

/** A core rule that turns sentinels into elements. */
export function highlightInline(state: StateCore): void {
  for (const token of state.tokens) {
    if (token.children && token.content.includes(opening)) {
      token.children = markInline(token.children, (type, nesting) => new state.Token(type, 'mark', nesting));
    }
  }
}

/** First line and line after the last (both 0-based) of each block highlight, with the blank lines that follow. */
function lineRanges(source: string, highlights: readonly Highlight[]): readonly [number, number][] {
  const ranges: [number, number][] = [];
  const blank = /[>\s]*/y;
  let line = 0;
  let position = 0;
  const lineAt = (offset: number): number => {
    for (;;) {
      const next = source.indexOf('\n', position);
      if (next < 0 || next >= offset) return line;
      line += 1;
      position = next + 1;
    }
  };
  for (const { start, end, block } of highlights) {
    if (!block || end <= start) continue;
    const first = lineAt(start);
    // A list's own range reaches over the blank lines behind it.
    blank.lastIndex = end;
    const newline = blank.exec(source)![0].lastIndexOf('\n');
    ranges.push([first, lineAt(newline < 0 ? end - 1 : end + newline) + 1]);
  }
  return ranges;
}

/** Gives the class to the outermost blocks that lie wholly on the lines of a range. */
function markBlocks(tokens: readonly Token[], ranges: readonly [number, number][]): void {
  let range = 0;
  let insideUntilLevel = Infinity;
  for (const token of tokens) {
    if (token.level > insideUntilLevel) continue;
    insideUntilLevel = Infinity;
    if (!token.map || token.nesting < 0 || token.type === 'inline') continue;
    const [first, last] = token.map;
    while (range < ranges.length && ranges[range]![1] <= first) range += 1;
    const current = ranges[range];
    if (current && first >= current[0] && last <= current[1]) {
      token.attrJoin('class', 'oneflow');
      insideUntilLevel = token.level;
    }
  }
}

function markInline(children: readonly Token[], create: (type: string, nesting: -1 | 1) => Token): Token[] {
  const result: Token[] = [];
  let open: { readonly index: number; readonly level: number } | undefined;
  for (const child of children) {
    if (open && child.level < open.level) open = undefined;
    if (child.type !== 'text') {
      result.push(child);
      continue;
    }
    for (const piece of child.content.split(/([\uE000\uE001])/)) {
      if (piece === opening) {
        open = { index: result.length, level: child.level };
      } else if (piece === closing) {
        if (open?.level === child.level) {
          const start = create('mark_open', 1);
          start.attrSet('class', 'oneflow');
          result.splice(open.index, 0, start);
          result.push(create('mark_close', -1));
        }
        open = undefined;
      } else if (piece !== '') {
        const text = create('text', 1);
        Object.assign(text, child, { content: piece });
        result.push(text);
      }
    }
  }
  return result;
}
