/** Tells prose from what only looks like it to Markdown: markers of its dialects, and text of code and addresses alone. */
import type { Leaf } from '../document/blocks.js';
import type { MarkFreeDocument } from '../document/classify.js';
import type { InlineNode } from '../document/inline-nodes.js';
import { lastAtMost, lineAt } from '../document/lines.js';
import type { Range } from '../document/index.js';
import type { Region } from '../document/regions.js';
import { intersection } from './inline-span.js';

/** A line that is a marker of some dialect. */
const MARKER_LINE = new RegExp(
  [
    // `{{< shortcode >}}`
    /\{\{.*\}\}$/,
    // `{% tag %}`, `{: .attributes}`
    /\{[^{}]*\}$/,
    // `::: container`
    /:::/,
    // `::directive[text]{attributes}`
    /::[a-z][\w-]*(?:\[.*\])?(?:\{.*\})?$/,
    // `!!! admonition`, `??? one that folds "Title"`
    /(?:!!!|\?\?\?\+?)\s+[\w-]+(?:\s+[\w-]+)*(?:\s+"[^"]*")?$/,
    // `=== "Tab"`
    /===[+!]?\s+["']/,
    // `[toc]`, `[[_TOC_]]`
    /@?\[\[?_?toc_?\]\]?$/,
    // `![[embedded.md]]`
    /!\[\[.*\]\]$/,
    // `*[HTML]: an abbreviation`
    /\*\[[^\]]+\]:/,
  ]
    .map(({ source }) => `^${source}`)
    .join('|'),
  'i',
);

/** What begins a block that lasts up to its own end: display math, and shortcodes over several lines. */
const BLOCK_START = /^(?:\$\$|\\\[|\\begin\{([^{}]+)\}|\{\{[<%])/;
const BLOCK_END = /\$\$|\\\]|\\end\{[^{}]+\}|[>%]\}\}/g;

/**
 * The lines (0-based) of a document that its Markdown takes for text and dialects of Markdown do not: display math, and
 * markers such as shortcodes, `::: containers`, `!!! admonitions`, `[toc]` and `![[embedded.md]]` on lines of their own.
 */
export function linesWithoutProse(document: MarkFreeDocument): ReadonlySet<number> {
  const { free, blocks } = document;
  const found = new Set<number>();
  const endOfBlock = blockEnds(document);
  for (const leaf of blocks.leaves) {
    if (leaf.kind !== 'paragraph' && leaf.kind !== 'heading') continue;
    leaf.lineStarts.forEach((start, index) => {
      const line = leaf.startLine + index;
      if (found.has(line)) return;
      const text = free.text.slice(start, leaf.lineEnds[index]).trimEnd();
      if (MARKER_LINE.test(text)) found.add(line);
      const opening = BLOCK_START.exec(text);
      if (!opening) return;
      const end = endOfBlock(opening, line, start + opening[0].length);
      const isShortcode = opening[0].startsWith('{{');
      const isNear = end !== undefined && end.line < (isShortcode ? line + 1 : leaf.endLine);
      // What ends among words is one of them, and so is what has more behind it and does not end in its paragraph.
      const isAmongWords = isNear
        ? /\p{L}/u.test(free.text.slice(end.offset, leaf.lineEnds[end.line - leaf.startLine]))
        : !isShortcode && text.length > opening[0].length;
      if (isAmongWords) return;
      for (let next = line; next <= (end?.line ?? leaf.endLine - 1); next++) found.add(next);
    });
  }
  return found;
}

interface BlockEnd {
  readonly line: number;
  readonly offset: number;
}

/** The end of what `opening` on `line` begins, from the offset `from` on. */
type FindEnd = (opening: RegExpExecArray, line: number, from: number) => BlockEnd | undefined;

/** Markdown may see paragraphs, lists and rules in such a block, but a fence is one. */
function blockEnds({ free, blocks, lines }: MarkFreeDocument): FindEnd {
  const fences = blocks.leaves.filter(({ kind }) => kind === 'fence').map(({ startLine }) => startLine);
  const ends = new Map<string, number[]>();
  for (const { 0: end, index } of free.text.matchAll(BLOCK_END)) {
    const same = ends.get(end) ?? [];
    ends.set(end, same);
    same.push(index);
  }
  return (opening, line, from) => {
    const closing = closingOf(opening);
    const same = ends.get(closing) ?? [];
    const at = same[lastAtMost(same, from - 1) + 1];
    const fence = fences[lastAtMost(fences, line) + 1] ?? Infinity;
    if (at === undefined || lineAt(lines, at) >= fence) return undefined;
    return { line: lineAt(lines, at), offset: at + closing.length };
  };
}

function closingOf([opening, environment]: RegExpExecArray): string {
  if (environment !== undefined) return `\\end{${environment}}`;
  const closings: Readonly<Record<string, string>> = { $$: '$$', '\\[': '\\]', '{{<': '>}}', '{{%': '%}}' };
  return closings[opening]!;
}

/** The stretches of `text`, that of a paragraph, which its lines in `without` leave. */
export function proseOf(leaf: Leaf, text: Range, without: ReadonlySet<number>): Range[] {
  const stretches: Range[] = [];
  let isNew = true;
  leaf.lineStarts.forEach((start, index) => {
    const line = intersection(text, { start, end: leaf.lineEnds[index]! });
    if (!line || without.has(leaf.startLine + index)) isNew = true;
    else {
      stretches.push(isNew ? line : { start: stretches.pop()!.start, end: line.end });
      isNew = false;
    }
  });
  return stretches;
}

/** What is no words within a text: elements of code, comments and tags, bare addresses and formulas. */
const LITERAL = new RegExp(
  [
    /<(kbd|code|samp|var)\b[^<>]*>[^<]*<\/\1>/,
    /<!--[^]*?(?:-->|$)|<[/!?]?[a-z][^<>]*>/,
    /\b(?:https?:\/\/|www\.)\S+|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]+/,
    /\$\$?[^\s$](?:[^$]*[^\s$])?\$\$?(?!\d)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);

/** Whether there are words in `range` of `region` that are neither code, HTML, an address, a formula nor a picture. */
export function hasWords({ nodes }: Region, range: Range, text: string): boolean {
  const parts: string[] = [];
  let at = range.start;
  for (const { start, end } of nodes.flatMap(literalOf).sort((a, b) => a.start - b.start)) {
    if (start < at || end > range.end) continue;
    parts.push(text.slice(at, start));
    at = end;
  }
  parts.push(text.slice(at, range.end));
  return /\p{L}/u.test(parts.join(' ').replace(LITERAL, ' '));
}

/** What of a construct is not its text; HTML tags are told apart together with their elements. */
function literalOf({ kind, start, end, inner }: InlineNode): Range[] {
  if (kind === 'emphasis' || kind === 'html') return [];
  return [kind === 'link' ? { start: inner.end, end } : { start, end }];
}
