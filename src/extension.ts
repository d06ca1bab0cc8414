import { config as translateCore } from '@vscode/l10n';
import { type ExtensionContext, l10n } from 'vscode';
import { registerAgentTools } from './editor/agents/tools.js';
import { registerCommands } from './editor/commands/index.js';
import { keepContextKeys } from './editor/context-keys.js';
import { extendMarkdownIt } from './editor/markdown-preview.js';
import { showMarks } from './editor/marks/index.js';
import { decorateHunks } from './editor/review/hunk-decorations.js';
import { provideHunkDocuments } from './editor/review/hunk-diff.js';
import { provideHunkHovers } from './editor/review/hunk-hover.js';
import { provideHunkLenses } from './editor/review/hunk-lenses.js';
import { createServices, type Services } from './editor/services.js';
import { showStatus } from './editor/status-bar.js';
import { testAccess, type TestAccess } from './editor/test-access.js';
import { DocumentTree } from './editor/views/document-tree.js';

let services: Services | undefined;

export interface ExtensionExports {
  /** Asked for by VS Code's own Markdown preview. */
  readonly extendMarkdownIt: typeof extendMarkdownIt;
  /** Only in a VS Code that runs tests. */
  readonly testing: TestAccess | undefined;
}

/** Called by VS Code when a Markdown document is opened or a command of OneFlow is used. */
export function activate(context: ExtensionContext): ExtensionExports {
  // Core knows no VS Code, but what it says goes by the same translations.
  translateCore({ contents: l10n.bundle ?? {} });
  services = createServices(context);
  const { analyses, workedOn, engine, pictures, previews, reviews, runs, accepts } = services;
  context.subscriptions.push(
    registerCommands(services),
    registerAgentTools(services),
    keepContextKeys(workedOn, reviews, runs),
    showStatus(workedOn, engine, runs),
    showMarks(services),
    decorateHunks(reviews),
    provideHunkLenses(reviews),
    provideHunkHovers(reviews, pictures),
    provideHunkDocuments(reviews),
    new DocumentTree(workedOn, analyses, reviews).register(),
    previews.register(),
  );
  void accepts.recover();
  return { extendMarkdownIt, testing: testAccess(context, services) };
}

/** VS Code waits for this: the engine's process is gone and reviews are kept when it returns. */
export async function deactivate(): Promise<void> {
  await services?.dispose();
}
