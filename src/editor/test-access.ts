import { type ExtensionContext, ExtensionMode } from 'vscode';
import type { StartEngine } from './engine/engine-owner.js';
import type { Services } from './services.js';

/** What the tests that run inside VS Code may do beside what an author can. */
export interface TestAccess {
  /** Starts engines with `start` from now on. */
  readonly useEngine: (start: StartEngine) => Promise<void>;
}

/** Undefined for an extension that is not under test: VS Code alone decides that. */
export function testAccess(
  { extensionMode }: ExtensionContext,
  { engine }: Services,
): TestAccess | undefined {
  if (extensionMode !== ExtensionMode.Test) return undefined;
  return { useEngine: (start) => engine.startWith(start) };
}
