/** What agents may do: refine a document, for the author to review. They never write into it. */
import {
  type CancellationToken,
  Disposable,
  l10n,
  type LanguageModelTool,
  LanguageModelTextPart,
  LanguageModelToolResult,
  lm,
  MarkdownString,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import type { RunScope } from '../../core/run-plan.js';
import { Refusal } from '../failure.js';
import { proposedText } from '../review/hunk-text.js';
import type { Run } from '../runs/run.js';
import { beginRun } from '../runs/start-run.js';
import type { Services } from '../services.js';
import { absolutePath } from './given-path.js';

/** As the tools' `inputSchema` in package.json says. */
interface Input {
  /** Path relative to a workspace folder, or absolute within one. */
  readonly path: string;
  readonly seed?: number;
}

export function registerAgentTools(services: Services): Disposable {
  return Disposable.from(
    lm.registerTool('oneflow_refine_document', tool(services, { kind: 'document' })),
    lm.registerTool('oneflow_fill_image_slots', tool(services, { kind: 'slots' })),
  );
}

function tool(services: Services, scope: RunScope): LanguageModelTool<Input> {
  return {
    prepareInvocation: ({ input }) => {
      const { path } = checked(input);
      const what =
        scope.kind === 'slots'
          ? l10n.t('Draw the pictures of all image slots of {0} on this machine?', path)
          : l10n.t('Refine all marked text and pictures of {0} on this machine?', path);
      return {
        invocationMessage: l10n.t('Refining {0}', path),
        confirmationMessages: {
          title: l10n.t('OneFlow'),
          message: new MarkdownString().appendText(
            `${what} ${l10n.t('The document stays as it is until you accept a suggestion.')}`,
          ),
        },
      };
    },
    invoke: async ({ input }, token) => {
      // A tool can be called without its `when`.
      if (!workspace.isTrusted) {
        throw new Error('OneFlow does not run in Restricted Mode. Ask the author to trust the workspace.');
      }
      const request = checked(input);
      const document = await openDocument(request.path);
      const run = await runTool(services, document, scope, request, token);
      return new LanguageModelToolResult([new LanguageModelTextPart(report(services, run))]);
    },
  };
}

/** VS Code has compared the input with the schema; an agent's mistake is told in words that it can act on. */
function checked({ path, seed }: Partial<Record<keyof Input, unknown>>): Input {
  const isSeed = seed === undefined || (typeof seed === 'number' && seed >>> 0 === seed);
  if (typeof path === 'string' && isSeed) return { path, ...(seed !== undefined && { seed }) };
  throw new Error('The input must be {"path": "…", "seed"?: 0–4294967295}.');
}

/** A Markdown document of the workspace; no other file is read, whatever an agent was told. */
async function openDocument(path: string): Promise<TextDocument> {
  const absolute = absolutePath(path);
  const candidates =
    absolute === undefined
      ? (workspace.workspaceFolders ?? []).map((folder) => Uri.joinPath(folder.uri, path))
      : [Uri.file(absolute)];
  for (const uri of candidates) {
    if (workspace.getWorkspaceFolder(uri) === undefined) continue;
    try {
      const document = await workspace.openTextDocument(uri);
      if (document.languageId === 'markdown') return document;
    } catch {
      // Not in this folder: perhaps in the next.
    }
  }
  throw new Error(
    `There is no Markdown document ${path} in this workspace. Give a path relative to a workspace folder.`,
  );
}

async function runTool(
  services: Services,
  document: TextDocument,
  scope: RunScope,
  { seed }: Input,
  token: CancellationToken,
): Promise<Run> {
  let run: Run | undefined;
  const stopping = token.onCancellationRequested(() => {
    // Its document may have got another name since it began.
    services.runs.stop(run?.document ?? document.uri);
  });
  try {
    const started = await beginRun(services, document, scope, seed === undefined ? {} : { seed });
    run = started.run;
    return await started.end;
  } catch (error) {
    if (error instanceof Refusal) throw new Error(`Nothing was refined. ${error.message}`, { cause: error });
    throw error;
  } finally {
    stopping.dispose();
  }
}

function report({ reviews }: Services, run: Run): string {
  if (run.state === 'failed') return `The run failed: ${run.failure}`;
  const hunks = reviews.openHunksOf(run.document).filter((hunk) => hunk.run === run.id);
  if (hunks.length === 0) return 'The run made no suggestion.';
  const lines = hunks.map((hunk) =>
    hunk.kind === 'image'
      ? `- a picture for “${hunk.pictures.map(({ alt }) => alt).join(', ')}”`
      : `- instead of ${JSON.stringify(hunk.content)}: ${JSON.stringify(proposedText(hunk))}`,
  );
  const early = run.state === 'stopped' ? 'The run was stopped early. ' : '';
  const count = hunks.length === 1 ? '1 suggestion is' : `${hunks.length} suggestions are`;
  return [
    `${early}${count} under review (seed ${run.seed}); the document is unchanged until the author accepts what is suggested in the editor:`,
    ...lines,
  ].join('\n');
}
