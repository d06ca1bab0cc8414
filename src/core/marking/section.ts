/** Sections: what stands under a heading. */
import type { Leaf } from '../document/blocks.js';
import type { Range } from '../document/index.js';
import { lineEndOffset } from '../document/lines.js';
import type { MarkFreeDocument } from '../document/classify.js';
import { readMarks, type Reading } from '../document/reading.js';

export interface Section {
  /** The heading's text; of what stands before the first heading there is none. */
  readonly title: string | undefined;
  /** The lines of the heading, empty when there is none. */
  readonly heading: Range;
  /** What follows the heading, sections of a lower rank included. */
  readonly body: Range;
}

/** The section of `source` that `offset` stands in, its heading included. Headings in quotes and lists head nothing. */
export function sectionAt(source: string, offset: number): Section {
  const reading = readMarks(source);
  const headings = headingsOf(reading);
  const index = headings.findLastIndex(({ range }) => range.start <= offset);
  const heading = headings[index];
  if (!heading) {
    const end = headings[0]?.range.start ?? source.length;
    const start = Math.min(reading.bodyStart, end);
    return { title: undefined, heading: { start, end: start }, body: { start, end } };
  }
  const next = headings.slice(index + 1).find(({ level }) => level <= heading.level);
  const end = next?.range.start ?? source.length;
  return { title: heading.title, heading: heading.range, body: { start: heading.range.end, end } };
}

interface Heading {
  readonly level: number;
  readonly title: string;
  /** Its lines. */
  readonly range: Range;
}

function headingsOf({ document }: Reading): Heading[] {
  const { free, lines, blocks } = document;
  return blocks.leaves
    .filter(({ kind, parent }) => kind === 'heading' && !parent)
    .map((leaf) => ({
      level: levelOf(leaf, document),
      title: leaf.content.trim(),
      range: {
        start: free.toSource(lines.starts[leaf.startLine]!, 'after'),
        end: free.toSource(lineEndOffset(lines, leaf.endLine - 1), 'before'),
      },
    }));
}

function levelOf(leaf: Leaf, { free }: MarkFreeDocument): number {
  if (leaf.underlined) return free.text[leaf.lineStarts.at(-1)!] === '=' ? 1 : 2;
  return /^#*/.exec(free.text.slice(leaf.lineStarts[0]))![0].length;
}
