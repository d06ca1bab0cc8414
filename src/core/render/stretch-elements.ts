/**
 * Turns the sentinels of `stretches.ts` into elements: a hole into `<span data-hole>`, or `<div data-hole>` where it is a
 * paragraph; an inline change into `<mark class="oneflow">` where both ends lie on one level; the blocks on the lines of
 * a block change get the class `oneflow`. A change with an id has it in `data-change`.
 */
import type { StateCore, Token } from 'markdown-it';
import { readSpelling, SENTINEL, sentinelKind } from './stretches.js';

/** A whole-line change, in UTF-16 units of the text. */
export interface BlockChange {
  readonly id: string;
  readonly range: { readonly start: number; readonly end: number };
}

/** The lines of a block change: the first, and the one after the last, both 0-based. */
export interface ChangedLines {
  readonly id: string;
  readonly first: number;
  readonly end: number;
}

/** The lines that each of ascending changes covers, with the blank lines that follow: a list's own range has them. */
export function changedLines(text: string, changes: readonly BlockChange[]): ChangedLines[] {
  const blank = /[>\s]*/y;
  let line = 0;
  let position = 0;
  const lineAt = (offset: number): number => {
    for (;;) {
      const next = text.indexOf('\n', position);
      if (next < 0 || next >= offset) return line;
      line += 1;
      position = next + 1;
    }
  };
  return changes.map(({ id, range: { start, end } }) => {
    const first = lineAt(start);
    blank.lastIndex = end;
    const newline = blank.exec(text)![0].lastIndexOf('\n');
    return { id, first, end: lineAt(newline < 0 ? end - 1 : end + newline) + 1 };
  });
}

/** Marks the outermost blocks that lie wholly on the lines of a change; both are ascending. */
export function markBlocks(tokens: readonly Token[], changes: readonly ChangedLines[]): void {
  let index = 0;
  let insideUntilLevel = Infinity;
  for (const token of tokens) {
    if (token.level > insideUntilLevel) continue;
    insideUntilLevel = Infinity;
    if (!token.map || token.nesting < 0 || token.type === 'inline') continue;
    const [first, end] = token.map;
    while (index < changes.length && changes[index]!.end <= first) index += 1;
    const change = changes[index];
    if (change && first >= change.first && end <= change.end) {
      nameChange(token, change.id);
      insideUntilLevel = token.level;
    }
  }
}

function nameChange(token: Token, id: string): void {
  token.attrJoin('class', 'oneflow');
  if (id !== '') token.attrSet('data-change', id);
}

/** A core rule that turns sentinels in text into elements. */
export function placeStretches(state: StateCore): void {
  const { tokens } = state;
  tokens.forEach((token, index) => {
    if (!token.children || !/[\uE000-\uE002]/.test(token.content)) return;
    const create: CreateToken = (type, tag, nesting) => new state.Token(type, tag, nesting);
    token.children = placeInline(token.children, create);
    const [only] = token.children;
    if (
      token.children.length === 1 &&
      only!.type === 'hole' &&
      tokens[index - 1]?.type === 'paragraph_open'
    ) {
      // A hole that is a paragraph will hold blocks, which no paragraph may.
      only!.tag = 'div';
      tokens[index - 1]!.hidden = true;
      tokens[index + 1]!.hidden = true;
    }
  });
}

type CreateToken = (type: string, tag: string, nesting: -1 | 0 | 1) => Token;

function placeInline(children: readonly Token[], create: CreateToken): Token[] {
  const result: Token[] = [];
  let open: { readonly id: string; readonly index: number; readonly level: number } | undefined;
  for (const child of children) {
    if (open && child.level < open.level) open = undefined;
    if (child.type !== 'text') {
      result.push(child);
      continue;
    }
    let at = 0;
    const addText = (end: number): void => {
      if (end <= at) return;
      const text = create('text', '', 0);
      Object.assign(text, child, { content: child.content.slice(at, end) });
      result.push(text);
    };
    for (const sentinel of child.content.matchAll(SENTINEL)) {
      addText(sentinel.index);
      at = sentinel.index + sentinel[0].length;
      const id = readSpelling(sentinel[2]!);
      const kind = sentinelKind(sentinel[1]!);
      if (kind === 'hole') {
        const hole = create('hole', 'span', 0);
        hole.attrSet('data-hole', id);
        result.push(hole);
      } else if (kind === 'open') {
        open = { id, index: result.length, level: child.level };
      } else if (kind === 'close') {
        if (open?.level === child.level) {
          const start = create('mark_open', 'mark', 1);
          nameChange(start, open.id);
          result.splice(open.index, 0, start);
          result.push(create('mark_close', 'mark', -1));
        }
        open = undefined;
      }
    }
    addText(child.content.length);
  }
  return result;
}
