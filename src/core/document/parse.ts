/** Reads a Markdown document with its marks. */
import { leafAt, parseBlocks } from './blocks.js';
import { classify, type MarkFreeDocument } from './classify.js';
import { lineAt, placeOf, splitLines } from './lines.js';
import { bodyStartOf, joinRanges, removalOf, takeOut } from './mark-free.js';
import { MaskBuilder } from './mask-builder.js';
import { scanMarks, type MarkFault } from './mark-scan.js';
import { pairMarks } from './pairs.js';
import { findPictures } from './pictures.js';
import { RegionParser } from './regions.js';
import { layOutSpan } from './spans.js';
import type { DocumentError, MarkedDocument } from './types.js';

export type ParseResult =
  | { readonly ok: true; readonly document: MarkedDocument }
  /** The first error in document order. */
  | { readonly ok: false; readonly error: DocumentError };

// An HTML block that lasts up to a blank line, as `<details>` begins one (CommonMark §4.6, kinds 6 and 7).
const TAG = /^<(?!(?:script|pre|style|textarea)\b)\/?[a-z]/i;

/** Finds the masks of `source`, any text at all: never throws, and takes time in proportion to its length. */
export function parseDocument(source: string): ParseResult {
  const lines = splitLines(source);
  const bodyStart = bodyStartOf(source);
  const candidates = scanMarks(source, bodyStart, lines);
  const takenOut = candidates.filter(({ betweenBackticks }) => !betweenBackticks);
  const free = takeOut(
    source,
    bodyStart,
    joinRanges(takenOut.map((mark) => removalOf(mark, lines, bodyStart))),
  );
  const blocks = parseBlocks(free.text);
  const regions = new RegionParser(free.text, blocks);
  const document: MarkFreeDocument = { free, blocks, regions, lines: splitLines(free.text) };
  const leafStarts = blocks.leaves.map(({ startLine }) => startLine);

  const positions = classify(source, lines, bodyStart, candidates, document);
  const placed = candidates.map((mark, index) => ({ mark, position: positions[index]! }));
  const { pairs, faults: pairFaults } = pairMarks(placed, lines);
  const { pictures, faults: slotFaults } = findPictures(source, bodyStart, document, leafStarts);
  const marks = joinRanges(
    placed
      .filter(({ position }) => position.kind !== 'text')
      .map(({ mark }) => removalOf(mark, lines, bodyStart)),
  );
  const builder = new MaskBuilder(source, lines, marks, pictures);
  for (const pair of pairs) {
    const result = layOutSpan(pair, { source, lines, bodyStart, document, leafStarts });
    if (result?.ok) builder.addSpan(pair, result.span);
    else if (result) builder.faults.push(result.fault);
  }
  for (const picture of pictures) if (picture.isSlot) builder.addSlot(picture);

  for (const { mark, position } of placed) {
    if (position.kind !== 'text' || mark.kind === 'close') continue;
    const leaf = leafAt(blocks.leaves, leafStarts, lineAt(document.lines, free.fromSource(mark.start)));
    if (leaf?.kind === 'html' && TAG.test(free.text.slice(leaf.lineStarts[0]))) builder.addTextInHtml(mark);
  }

  const faults = [...pairFaults, ...slotFaults, ...builder.faults];
  const first = faults.reduce<MarkFault | undefined>(
    (a, b) => (a && a.offset <= b.offset ? a : b),
    undefined,
  );
  if (first) {
    const { code, message, offset } = first;
    return { ok: false, error: { code, message, ...placeOf(lines, offset) } };
  }
  return { ok: true, document: builder.finish(bodyStart) };
}
