/** A source with its mark-free document: what every question about marks begins with. */
import { parseBlocks } from './blocks.js';
import { classify, type MarkFreeDocument } from './classify.js';
import { splitLines, type Lines } from './lines.js';
import { bodyStartOf, joinRanges, removalOf, takeOut } from './mark-free.js';
import { scanMarks } from './mark-scan.js';
import type { PlacedMark } from './pairs.js';
import { RegionParser } from './regions.js';

export interface Reading {
  readonly source: string;
  readonly lines: Lines;
  /** After a byte order mark and front matter. */
  readonly bodyStart: number;
  /** Everything written like a mark, with where it stands in the mark-free document. */
  readonly marks: readonly PlacedMark[];
  readonly document: MarkFreeDocument;
  /** First line of each leaf of the mark-free document. */
  readonly leafStarts: readonly number[];
}

/** Scans `source`, any text at all, for marks and parses what remains without them. */
export function readMarks(source: string): Reading {
  const lines = splitLines(source);
  const bodyStart = bodyStartOf(source);
  const candidates = scanMarks(source, bodyStart, lines);
  const takenOut = candidates.filter(({ betweenBackticks }) => !betweenBackticks);
  const removals = joinRanges(takenOut.map((mark) => removalOf(mark, lines, bodyStart)));
  const free = takeOut(source, bodyStart, removals);
  const blocks = parseBlocks(free.text);
  const regions = new RegionParser(free.text, blocks);
  const document: MarkFreeDocument = { free, blocks, regions, lines: splitLines(free.text) };
  const leafStarts = blocks.leaves.map(({ startLine }) => startLine);
  const positions = classify(source, lines, bodyStart, candidates, document);
  const marks = candidates.map((mark, index) => ({ mark, position: positions[index]! }));
  return { source, lines, bodyStart, marks, document, leafStarts };
}
