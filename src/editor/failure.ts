import { commands, l10n, type LogOutputChannel, window } from 'vscode';
import { EngineError } from '../engine/engine-error.js';

/** Something that the author should be told in this one sentence, and that is no fault of the program. */
export class Refusal extends Error {
  /** @param setting full name of the one that the author has to change, where it is one */
  constructor(
    message: string,
    readonly setting?: string,
  ) {
    super(message);
  }
}

/** Whether asking for the same again may well succeed. */
export function canRetry(error: unknown): boolean {
  return error instanceof EngineError ? error.canRetry : !(error instanceof Refusal);
}

/** Shows what went wrong: the sentence of a known error, or that something unexpected happened and where to look. */
export function reportFailure(log: LogOutputChannel, error: unknown): void {
  if (error instanceof Refusal) {
    void tellRefusal(error);
    return;
  }
  log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message =
    error instanceof EngineError
      ? error.message
      : l10n.t('OneFlow failed unexpectedly: {0}', error instanceof Error ? error.message : String(error));
  const showLog = l10n.t('Show Log');
  void window.showErrorMessage(message, showLog).then((choice) => {
    if (choice === showLog) void commands.executeCommand('oneflow.showLog');
  });
}

async function tellRefusal({ message, setting }: Refusal): Promise<void> {
  const openSettings = l10n.t('Open Settings');
  const choice = await window.showWarningMessage(message, ...(setting === undefined ? [] : [openSettings]));
  if (choice === openSettings) await commands.executeCommand('workbench.action.openSettings', setting);
}
