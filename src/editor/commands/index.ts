import { commands, Disposable } from 'vscode';
import { reportFailure } from '../failure.js';
import type { Services } from '../services.js';
import type { Command } from './command.js';
import { copyDiagnostics } from './copy-diagnostics.js';
import { showLog } from './show-log.js';

const all: readonly Command[] = [copyDiagnostics, showLog];

/** Registers every command. A failure of one is shown, never thrown at the one who called it. */
export function registerCommands(services: Services): Disposable {
  return Disposable.from(
    ...all.map(({ id, run }) =>
      commands.registerCommand(id, async (...args: unknown[]) => {
        try {
          return await run(services, ...args);
        } catch (error) {
          reportFailure(services.log, error);
          return undefined;
        }
      }),
    ),
  );
}
