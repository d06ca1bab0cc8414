/** Where the closer that an opener lacks may stand. */
import type { MarkCandidate } from '../document/mark-scan.js';
import { containersOf } from '../document/blocks.js';
import { insertion } from '../document/edits.js';
import { textOf } from './inline-span.js';
import { lineStartOf, lineTextEndOf, type Manuscript } from './manuscript.js';
import type { TextEdit } from '../document/index.js';

/**
 * Closers for `opener`: of an inline mark at the end of the text around it, of an own-line mark behind the block that
 * follows; before the source offset `limit`, if there is one.
 */
export function closersOf(manuscript: Manuscript, opener: MarkCandidate, limit = Infinity): TextEdit[] {
  const position = manuscript.reading.marks.find(({ mark }) => mark === opener)?.position;
  if (position?.kind === 'inline') {
    const { free } = manuscript.reading.document;
    const { node, region } = position;
    const end = node ? node.inner.end : textOf(region, free.text).end;
    const text = manuscript.reading.source.slice(opener.end, Math.min(limit, free.toSource(end, 'before')));
    return [insertion(opener.end + text.trimEnd().length, '<!--/mask-->')];
  }
  return position?.kind === 'line' ? ownLineClosers(manuscript, opener, position.line, limit) : [];
}

function ownLineClosers(
  manuscript: Manuscript,
  opener: MarkCandidate,
  line: number,
  limit: number,
): TextEdit[] {
  const { reading, lineEnd } = manuscript;
  const { blocks, free, lines } = reading.document;
  const leaf = blocks.leaves.find(({ startLine }) => startLine >= line);
  if (!leaf) return [];
  const prefix = reading.source.slice(lineStartOf(reading, opener.start), opener.start);
  // Behind the block, or behind the list or quote that begins with it.
  const ends = [
    leaf.endLine,
    ...containersOf(leaf)
      .filter(({ startLine }) => startLine >= line)
      .map(({ endLine }) => endLine),
  ];
  return [...new Set(ends)].flatMap((endLine) => {
    const end = free.toSource(lines.textEnds[endLine - 1]!, 'before');
    const at = lineTextEndOf(reading, end);
    return at <= limit ? [insertion(at, `${lineEnd}${prefix}<!--/mask-->`)] : [];
  });
}
