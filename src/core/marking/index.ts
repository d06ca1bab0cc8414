/** What an author does with marks in an editor, as edits of the source: put in, taken out, completed, mended. */
export { completionsAt, type Completion, type CompletionChoices } from './completions.js';
export { applyEdits } from '../document/edits.js';
export { hoverAt, type MaskHover } from './hover.js';
export { insertImageSlot } from './image-slot.js';
export { maskForRun, type MarkedCopy } from './mask-for-run.js';
export { maskPicture } from './mask-picture.js';
export { maskSelection } from './mask-selection.js';
export { placesOf, type MaskPlace } from './places.js';
export { quickFixesAt, type QuickFix } from './quick-fixes.js';
export { sectionAt } from './section.js';
export type { MarkingResult, MarkingRefusal } from './types.js';
export { removeAllMarks, unmask, type RemovedMarks } from './unmask.js';
