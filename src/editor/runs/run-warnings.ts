import { commands, l10n, window } from 'vscode';
import type { DocumentWarningCode } from '../../core/document/types.js';
import type { Device } from '../../protocol/devices.js';
import type { LoadedModel } from '../../protocol/engine-messages.js';
import type { Run } from './run.js';

/** Warnings of a document that a run alone can tell; the others stand at their marks. */
const codes: readonly DocumentWarningCode[] = ['picture-not-found', 'picture-context-missing'];

/** Models of which it is told that they run on another device than was asked for. */
const told = new WeakSet<LoadedModel>();

/** Tells in one message what the author should know of a run that has ended; the log has all of it. */
export async function tellWarnings(run: Run, device: Device): Promise<void> {
  const note = deviceNoteOf(run);
  // That `auto` takes the CPU is nothing to be warned of.
  if (note !== undefined && device === 'auto') void window.showInformationMessage(note);
  const warnings = [
    ...run.plan.warnings.filter(({ code }) => codes.includes(code)).map(({ message }) => message),
    ...(run.result?.warnings ?? []),
    ...(note !== undefined && device !== 'auto' ? [note] : []),
  ];
  const [first, ...others] = warnings;
  if (first === undefined) return;
  const message = others.length === 0 ? first : l10n.t('{0} And {1} more.', first, others.length);
  const showLog = l10n.t('Show Log');
  const choice = await window.showWarningMessage(message, showLog);
  if (choice === showLog) await commands.executeCommand('oneflow.showLog');
}

/** Why the model runs on the CPU, once for each load. */
function deviceNoteOf({ model }: Run): string | undefined {
  if (model?.deviceNote === undefined || told.has(model)) return undefined;
  told.add(model);
  return model.deviceNote;
}
