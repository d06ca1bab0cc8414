import type { Range } from '../../../../src/core/document/index.js';

/** `range` of a marked copy in the document that it was made of. */
export function withoutInserted({ start, end }: Range, inserted: readonly Range[]): Range {
  const back = (offset: number): number =>
    inserted.reduce((at, mark) => at - Math.max(0, Math.min(offset, mark.end) - mark.start), offset);
  return { start: back(start), end: back(end) };
}
