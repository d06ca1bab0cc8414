/**
 * Modules that are loaded when they are first needed. They bring schemas or a library of globs with them, and building
 * those took longer than everything else that `activate` does. Only this file may use `import()`, since the rules on
 * layers see import declarations alone: every module here is in a layer that the editor may use.
 */
import type { Engine } from '../engine/index.js';
import type { keptReview, restoreReview, saveReview } from '../core/review/storage.js';
import type { modelChoices } from './engine/model-choices.js';
import type { PicturePlaces } from './pictures/picture-place.js';
import type { PreviewPanel } from './preview/preview-panel.js';

export async function loadEngine(): Promise<typeof Engine> {
  return (await import('../engine/index.js')).Engine;
}

export async function loadReviewStorage(): Promise<{
  readonly keptReview: typeof keptReview;
  readonly restoreReview: typeof restoreReview;
  readonly saveReview: typeof saveReview;
}> {
  return import('../core/review/storage.js');
}

export async function loadModelChoices(): Promise<typeof modelChoices> {
  return (await import('./engine/model-choices.js')).modelChoices;
}

export async function loadPreviewPanel(): Promise<typeof PreviewPanel> {
  return (await import('./preview/preview-panel.js')).PreviewPanel;
}

export async function loadPicturePlaces(): Promise<typeof PicturePlaces> {
  return (await import('./pictures/picture-place.js')).PicturePlaces;
}
