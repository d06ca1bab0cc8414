import { CodeAction, CodeActionKind, type Disposable, languages, WorkspaceEdit } from 'vscode';
import type { DocumentWorker } from '../documents/document-worker.js';
import { editorRange, rangeOf } from '../offsets.js';
import { source } from './mark-diagnostics.js';

/** Quick fixes for what `diagnoseMarks` tells. */
export function provideMarkFixes(worker: DocumentWorker): Disposable {
  return languages.registerCodeActionsProvider(
    { language: 'markdown' },
    {
      provideCodeActions: async (document, range, { diagnostics }, token) => {
        const ours = diagnostics.filter((diagnostic) => diagnostic.source === source);
        if (ours.length === 0) return undefined;
        const { version } = document;
        const fixes = await worker.call('quickFixesAt', document.getText(), rangeOf(document, range));
        if (token.isCancellationRequested || document.version !== version) return undefined;
        return fixes.flatMap(({ title, edits, problem, isPreferred }) => {
          const place = editorRange(document, problem.range);
          const diagnostic = ours.find(({ code, range: at }) => code === problem.code && at.isEqual(place));
          if (!diagnostic) return [];
          const action = new CodeAction(title, CodeActionKind.QuickFix);
          action.diagnostics = [diagnostic];
          action.isPreferred = isPreferred;
          action.edit = new WorkspaceEdit();
          for (const edit of edits) {
            action.edit.replace(document.uri, editorRange(document, edit.range), edit.text);
          }
          return [action];
        });
      },
    },
    { providedCodeActionKinds: [CodeActionKind.QuickFix] },
  );
}
