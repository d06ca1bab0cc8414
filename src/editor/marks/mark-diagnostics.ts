import { Diagnostic, DiagnosticSeverity, Disposable, languages, type Uri, workspace } from 'vscode';
import type { DocumentProblem, DocumentWarning } from '../../core/document/types.js';
import type { Analyses, DocumentAnalysis } from '../documents/analyses.js';
import { editorRange } from '../offsets.js';
import { comparedHunk } from '../compared-hunk.js';

export const source = 'OneFlow';

/** Tells in the editor what is wrong with marks, and what is doubtful about them. */
export function diagnoseMarks(analyses: Analyses): Disposable {
  const collection = languages.createDiagnosticCollection('oneflow');
  const tell = ({ document, version, analysis }: DocumentAnalysis): void => {
    // The document is just being read again.
    if (document.version !== version || isCopy(document.uri)) return;
    const diagnostic = (
      { code, message, range }: DocumentProblem | DocumentWarning,
      severity: DiagnosticSeverity,
    ): Diagnostic => {
      const result = new Diagnostic(editorRange(document, range), message, severity);
      result.source = source;
      result.code = code;
      return result;
    };
    collection.set(document.uri, [
      ...analysis.problems.map((problem) => diagnostic(problem, DiagnosticSeverity.Error)),
      ...analysis.warnings.map((warning) => diagnostic(warning, DiagnosticSeverity.Warning)),
    ]);
  };
  return Disposable.from(
    collection,
    analyses.onDidChange(tell),
    // Told when the language of a document changes, too.
    workspace.onDidCloseTextDocument(({ uri }) => {
      collection.delete(uri);
    }),
  );
}

/** Whether it only shows what another document would be or was, as a side of a comparison does: nothing can be mended there. */
function isCopy(document: Uri): boolean {
  return comparedHunk(document) !== undefined || workspace.fs.isWritableFileSystem(document.scheme) === false;
}
