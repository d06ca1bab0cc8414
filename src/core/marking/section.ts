/** Sections: what stands under a heading. */
import type { Leaf } from '../document/blocks.js';
import type { Range } from '../document/index.js';
import { lineEndOffset } from '../document/lines.js';
import type { MarkFreeDocument } from '../document/classify.js';
import { readMarks, type Reading } from '../document/reading.js';

/**
 * What follows the heading of the section that `offset` stands in, the heading or below it, sections of a lower rank
 * included; before the first heading, all that stands there. Headings in quotes and lists head nothing.
 */
export function sectionAt(source: string, offset: number): Range {
  const reading = readMarks(source);
  const headings = headingsOf(reading);
  const index = headings.findLastIndex(({ range }) => range.start <= offset);
  const heading = headings[index];
  if (!heading) {
    const end = headings[0]?.range.start ?? source.length;
    return { start: Math.min(reading.bodyStart, end), end };
  }
  const next = headings.slice(index + 1).find(({ level }) => level <= heading.level);
  return { start: heading.range.end, end: next?.range.start ?? source.length };
}

interface Heading {
  readonly level: number;
  /** Its lines. */
  readonly range: Range;
}

function headingsOf({ document }: Reading): Heading[] {
  const { free, lines, blocks } = document;
  return blocks.leaves
    .filter(({ kind, parent }) => kind === 'heading' && !parent)
    .map((leaf) => ({
      level: levelOf(leaf, document),
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
