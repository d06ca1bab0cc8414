import { type ExtensionContext, ExtensionMode, type Uri } from 'vscode';
import { EngineError } from '../engine/engine-error.js';
import type { Hunk } from '../protocol/review.js';
import type { StartEngine } from './engine/engine-owner.js';
import type { Services } from './services.js';

/** What the tests that run inside VS Code may do and see beside what an author can. */
export interface TestAccess {
  /** Starts engines with `start` from now on. */
  readonly useEngine: (start: StartEngine) => Promise<void>;
  /** As the extension knows it: the tests are bundled apart, with a class of their own. */
  readonly EngineError: typeof EngineError;
  /** What is under review in a document, by place. */
  readonly hunksOf: (document: Uri) => readonly Hunk[];
  /** Where the extension keeps what survives a reload of the window. */
  readonly storage: Uri;
  /** Which document the preview shows, once its page listens; undefined before, and when there is no preview. */
  readonly previewed: () => Uri | undefined;
}

/** Undefined for an extension that is not under test: VS Code alone decides that. */
export function testAccess(
  { extensionMode, storageUri, globalStorageUri }: ExtensionContext,
  { engine, previews, reviews }: Services,
): TestAccess | undefined {
  if (extensionMode !== ExtensionMode.Test) return undefined;
  return {
    useEngine: (start) => engine.startWith(start),
    EngineError,
    hunksOf: (document) => reviews.hunksOf(document),
    storage: storageUri ?? globalStorageUri,
    previewed: () => previews.shownDocument,
  };
}
