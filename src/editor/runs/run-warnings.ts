import { commands, l10n, window } from 'vscode';
import type { DocumentWarningCode } from '../../core/document/types.js';
import type { LoadedModel } from '../../protocol/engine-messages.js';
import type { Run } from './run.js';

/** Warnings of a document that a run alone can tell; the others stand at their marks. */
const codes: readonly DocumentWarningCode[] = ['picture-not-found', 'picture-context-missing'];

/** What was loaded on another device than was asked for, and the author knows it. */
const told = new WeakSet<LoadedModel>();

/** Tells in one message what the author should know of a run that has ended; the log has all of it. */
export async function tellWarnings(run: Run): Promise<void> {
  const [first, ...others] = warningsOf(run);
  if (first === undefined) return;
  const message = others.length === 0 ? first : l10n.t('{0} And {1} more.', first, others.length);
  const showLog = l10n.t('Show Log');
  const choice = await window.showWarningMessage(message, showLog);
  if (choice === showLog) await commands.executeCommand('oneflow.showLog');
}

function warningsOf({ plan, result, model }: Run): string[] {
  const warnings = [
    ...plan.warnings.filter(({ code }) => codes.includes(code)).map(({ message }) => message),
    ...(result?.warnings ?? []),
  ];
  if (model?.deviceNote !== undefined && !told.has(model)) {
    told.add(model);
    warnings.push(model.deviceNote);
  }
  return warnings;
}
