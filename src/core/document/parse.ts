/** Reads a Markdown document with its marks. */
import { leafAt } from './blocks.js';
import { lineAt } from './lines.js';
import { joinRanges, removalOf } from './mark-free.js';
import { MaskBuilder } from './mask-builder.js';
import { pairMarks } from './pairs.js';
import { findPictures } from './pictures.js';
import { problemsOf } from './problems.js';
import { readMarks, type Reading } from './reading.js';
import { layOutSpan } from './spans.js';
import type { DocumentError, DocumentProblem, MarkedDocument } from './types.js';

export type ParseResult =
  | { readonly ok: true; readonly document: MarkedDocument }
  /** The first error in document order. */
  | { readonly ok: false; readonly error: DocumentError };

/** A document that may be ill-formed: all that is wrong, and the masks that can be read in spite of it. */
export interface AnalyzedDocument {
  /** With errors about options, the masks concerned lack those options. */
  readonly document: MarkedDocument;
  /** Errors in document order. */
  readonly problems: readonly DocumentProblem[];
}

// An HTML block that lasts up to a blank line, as `<details>` begins one (CommonMark §4.6, kinds 6 and 7).
const TAG = /^<(?!(?:script|pre|style|textarea)\b)\/?[a-z]/i;

/** Finds the masks of `source`, any text at all: never throws, and takes time in proportion to its length. */
export function parseDocument(source: string): ParseResult {
  const { document, problems } = analyzeDocument(source);
  const [first] = problems;
  if (!first) return { ok: true, document };
  const { code, message, line, column } = first;
  return { ok: false, error: { code, message, line, column } };
}

/** Finds the masks of `source` and everything that is wrong with its marks; like `parseDocument`, it never throws. */
export function analyzeDocument(source: string): AnalyzedDocument {
  return analyzeReading(readMarks(source));
}

/** `analyzeDocument` for a source that has been read. */
export function analyzeReading(reading: Reading): AnalyzedDocument {
  const { source, lines, bodyStart, marks: placed, document, leafStarts } = reading;
  const { pairs, faults: pairFaults } = pairMarks(placed, lines);
  const { pictures, faults: slotFaults } = findPictures(source, bodyStart, document, leafStarts);
  const marks = joinRanges(
    placed
      .filter(({ position }) => position.kind !== 'text')
      .map(({ mark }) => removalOf(mark, lines, bodyStart)),
  );
  const builder = new MaskBuilder(source, lines, marks, pictures);
  for (const pair of pairs) {
    const result = layOutSpan(pair, reading);
    if (result?.ok) builder.addSpan(pair, result.span);
    else if (result) builder.faults.push(result.fault);
  }
  for (const picture of pictures) if (picture.isSlot) builder.addSlot(picture);

  const { free, blocks } = document;
  for (const { mark, position } of placed) {
    if (position.kind !== 'text' || mark.kind === 'close') continue;
    const leaf = leafAt(blocks.leaves, leafStarts, lineAt(document.lines, free.fromSource(mark.start)));
    if (leaf?.kind === 'html' && TAG.test(free.text.slice(leaf.lineStarts[0]))) builder.addTextInHtml(mark);
  }

  const faults = [...pairFaults, ...slotFaults, ...builder.faults];
  return { document: builder.finish(bodyStart), problems: problemsOf(faults, reading) };
}
