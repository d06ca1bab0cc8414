/** The blocks of a mark-free document: leaves with where their text lies, and the containers around them. */
import type { Env, ParserBlock, StateBlock, Token } from 'markdown-it';
import { lastAtMost } from './lines.js';
import { createParser } from './markdown.js';

/** A block quote or a list item. Lines are 0-based and half-open. */
export interface Container {
  readonly kind: 'quote' | 'item';
  readonly parent: Container | undefined;
  readonly startLine: number;
  /** Without blank lines that follow. */
  readonly endLine: number;
  /** Items: the column (from the quote around) where content must begin; `Infinity` if nothing can follow. */
  readonly contentColumn: number;
}

export type LeafKind =
  'paragraph' | 'heading' | 'thematic-break' | 'table' | 'fence' | 'indented-code' | 'html' | 'definition';

export interface Leaf {
  readonly kind: LeafKind;
  readonly parent: Container | undefined;
  readonly startLine: number;
  readonly endLine: number;
  /** Per line: offset of its first unit after container prefixes and indentation. */
  readonly lineStarts: readonly number[];
  /** Per line: offset of its line end. */
  readonly lineEnds: readonly number[];
  /** Paragraphs and headings: the inline content, as markdown-it takes it out of the lines. */
  readonly content: string;
  /** Headings: where the content begins. */
  readonly contentStart: number;
  /** Setext headings end with an underline. */
  readonly underlined: boolean;
  /** Tables: number of columns. */
  readonly columns: number;
  /** False for a fence or an HTML block that waits for its end in vain. */
  readonly closed: boolean;
}

export interface Blocks {
  /** By start line; leaves do not overlap. */
  readonly leaves: readonly Leaf[];
  /** In document order, outer before inner. */
  readonly containers: readonly Container[];
  /** Line ranges whose nesting is too deep to parse. */
  readonly tooDeep: readonly { readonly startLine: number; readonly endLine: number }[];
  /** What link reference definitions leave for the inline parser. */
  readonly env: Env;
}

interface OpenContainer {
  readonly token: Token;
  readonly parent: OpenContainer | undefined;
  readonly contentColumn: number;
  /** Made once the block is parsed and its end is known. */
  container?: Container;
}

type LeafDraft = Omit<Leaf, 'parent'> & { readonly parent: OpenContainer | undefined };

const LEAF_KINDS: Readonly<Record<string, LeafKind>> = {
  paragraph_open: 'paragraph',
  heading_open: 'heading',
  hr: 'thematic-break',
  table_open: 'table',
  fence: 'fence',
  code_block: 'indented-code',
  html_block: 'html',
  reference_definition: 'definition',
};

/** Parses `text` (line ends LF) into its blocks. */
export function parseBlocks(text: string): Blocks {
  const recorder = new BlockRecorder();
  const markdown = createParser();
  markdown.block.tokenize = (state: StateBlock, startLine: number, endLine: number) => {
    recorder.tokenize(markdown.block, state, startLine, endLine);
  };
  const env: Env = {};
  markdown.block.parse(text, markdown, env, []);
  return recorder.finish(text, env);
}

/** Watches markdown-it's block parser: its own loop, with a note of every block that a rule makes. */
class BlockRecorder {
  readonly #leaves: LeafDraft[] = [];
  readonly #containers: OpenContainer[] = [];
  readonly #tooDeep: { startLine: number; endLine: number }[] = [];
  #innermost: OpenContainer | undefined;

  tokenize(parser: ParserBlock, state: StateBlock, startLine: number, endLine: number): void {
    const outer = this.#innermost;
    const opening = state.tokens.at(-1);
    if (opening && (opening.type === 'blockquote_open' || opening.type === 'list_item_open')) {
      const contentColumn = opening.type === 'list_item_open' ? state.blkIndent : 0;
      this.#innermost = { token: opening, parent: outer, contentColumn };
      this.#containers.push(this.#innermost);
    }
    this.#tokenizeLines(parser, state, startLine, endLine);
    this.#innermost = outer;
  }

  #tokenizeLines(parser: ParserBlock, state: StateBlock, startLine: number, endLine: number): void {
    const rules = parser.ruler.getRules('');
    let sawBlankLine = false;
    for (let line = startLine; line < endLine;) {
      // Do not skip past `endLine`: blank lines after a quote belong to what is around it.
      state.line = line = Math.min(state.skipEmptyLines(line), endLine);
      if (line >= endLine || state.sCount[line]! < state.blkIndent) break;
      if (state.level >= state.md.options.maxNesting) {
        this.#tooDeep.push({ startLine: line, endLine });
        state.line = endLine;
        break;
      }
      const firstToken = state.tokens.length;
      rules.some((rule) => rule(state, line, endLine, false));
      this.#note(state, firstToken, line);
      state.tight = !sawBlankLine;
      if (state.isEmpty(state.line - 1)) sawBlankLine = true;
      line = state.line;
      if (line < endLine && state.isEmpty(line)) {
        sawBlankLine = true;
        state.line = ++line;
      }
    }
  }

  #note(state: StateBlock, firstToken: number, startLine: number): void {
    const token = state.tokens[firstToken];
    const kind = token && LEAF_KINDS[token.type];
    if (!kind) return;
    const endLine = state.line;
    const lineStarts: number[] = [];
    for (let line = startLine; line < endLine; line++) {
      lineStarts.push(state.bMarks[line]! + state.tShift[line]!);
    }
    const lineEnds = state.eMarks.slice(startLine, endLine);
    const hasContent = kind === 'paragraph' || kind === 'heading';
    const content = hasContent ? state.tokens.at(-2)!.content : '';
    const lineText = (index: number): string => state.src.slice(lineStarts.at(index), lineEnds.at(index));
    const underlined = kind === 'heading' && !token.markup.startsWith('#');
    this.#leaves.push({
      kind,
      parent: this.#innermost,
      startLine,
      endLine,
      lineStarts,
      lineEnds,
      content,
      contentStart: kind === 'heading' && !underlined ? headingStart(state.src, lineStarts[0]!, token) : -1,
      underlined,
      columns: kind === 'table' ? countColumns(state.tokens, firstToken) : 0,
      closed: isClosed(kind, token, lineText, endLine - startLine),
    });
  }

  finish(text: string, env: Env): Blocks {
    const lastTextLine = lastTextLines(text);
    for (const open of this.#containers) {
      const [startLine = 0, end = 0] = open.token.map ?? [];
      const endLine = Math.min(end, (lastTextLine[Math.max(0, end - 1)] ?? startLine) + 1);
      const kind = open.token.type === 'list_item_open' ? 'item' : 'quote';
      const parent = open.parent?.container;
      open.container = { kind, parent, startLine, endLine, contentColumn: open.contentColumn };
    }
    return {
      leaves: this.#leaves.map((leaf) => ({ ...leaf, parent: leaf.parent?.container })),
      containers: this.#containers.flatMap(({ container }) => container ?? []),
      tooDeep: this.#tooDeep,
      env,
    };
  }
}

/** Per line: the last line up to it that is not blank, −1 when there is none. */
export function lastTextLines(text: string): number[] {
  let last = -1;
  return text.split('\n').map((line, index) => (/[^ \t]/.test(line) ? (last = index) : last));
}

function headingStart(text: string, start: number, token: Token): number {
  let at = start + token.markup.length;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}

function countColumns(tokens: readonly Token[], tableOpen: number): number {
  let count = 0;
  for (let index = tableOpen; tokens[index]?.type !== 'thead_close'; index++) {
    if (tokens[index]?.type === 'th_open') count++;
  }
  return count;
}

/** The HTML blocks that end at a line with their own end tag (CommonMark §4.6, kinds 1–5); others end at a blank line. */
const HTML_ENDS: readonly (readonly [start: RegExp, end: RegExp])[] = [
  [/^<(?:script|pre|style|textarea)(?=\s|>|$)/i, /<\/(?:script|pre|style|textarea)>/i],
  [/^<!--/, /-->/],
  [/^<\?/, /\?>/],
  [/^<![A-Za-z]/, />/],
  [/^<!\[CDATA\[/, /\]\]>/],
];

function isClosed(
  kind: LeafKind,
  token: Token,
  lineText: (index: number) => string,
  lineCount: number,
): boolean {
  if (kind === 'fence') {
    const last = lineText(-1).trimEnd();
    const isMarker = last.length >= token.markup.length && last === token.markup[0]!.repeat(last.length);
    return lineCount > 1 && isMarker;
  }
  if (kind === 'html') {
    const first = lineText(0);
    const end = HTML_ENDS.find(([start]) => start.test(first))?.[1];
    return end?.test(lineText(-1)) ?? true;
  }
  return true;
}

/** The leaf that holds 0-based `line`. */
export function leafAt(
  leaves: readonly Leaf[],
  leafStarts: readonly number[],
  line: number,
): Leaf | undefined {
  const leaf = leaves[lastAtMost(leafStarts, line)];
  return leaf && line < leaf.endLine ? leaf : undefined;
}

/** The containers around a leaf or another container, outermost first. */
export function containersOf({ parent }: Pick<Leaf | Container, 'parent'>): Container[] {
  const chain: Container[] = [];
  for (let at = parent; at; at = at.parent) chain.unshift(at);
  return chain;
}
