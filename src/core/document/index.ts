/** Markdown documents with marks: what is masked, as segments for the engine, and results back into the text. */
export { linksOf, type PlacedLink } from './links.js';
export { checkModelOptions } from './model-options.js';
export { analyzeDocument, parseDocument, type AnalyzedDocument, type ParseResult } from './parse.js';
export { toSegments, type SegmentOptions, type SegmentsResult } from './segments.js';
export { isStructure, maskOfSegment } from './span-parts.js';
export type {
  DocumentError,
  DocumentErrorCode,
  DocumentProblem,
  DocumentWarning,
  DocumentWarningCode,
  MarkedDocument,
  Mask,
  MaskOptions,
  Picture,
  Place,
  Range,
  TextEdit,
} from './types.js';
export { cutWindows, type WindowError, type WindowOptions, type WindowsResult } from './windows.js';
export { applyResults, planChanges, type Change, type Results, type SegmentResult } from './write-back.js';
