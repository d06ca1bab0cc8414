/**
 * The review of what runs propose: hunks that follow every edit, or are refused. Free of the Markdown parser, so that
 * an editor may load it; what needs the parsed document is in `plan.ts`.
 */
export { acceptEdits, type AcceptResult, refusalOf, rejectHunks, withdrawAccept } from './decide.js';
export { moveFiles, withFiles } from './files.js';
export { emptyReview, inOrder, isOpen, type Review } from './hunk.js';
export { coverOf, hunkAt, hunksIn, nextHunk, previousHunk } from './navigate.js';
export { rebase, rebaseOnto } from './rebase.js';
export { type Anchor, beginRun, endRun, type Proposal, propose, reviewId } from './runs.js';
export type { TextChange } from './splices.js';
