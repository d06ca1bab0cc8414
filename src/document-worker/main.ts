/** The thread that parses documents for the editor: `core/document-tasks.ts` behind messages. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { config, type l10nJsonFormat } from '@vscode/l10n';
import {
  createDocumentTasks,
  type TaskAnswer,
  type TaskCall,
  type TaskName,
} from '../core/document-tasks.js';

// What authors read is in the editor's language; `DocumentWorker` gives it along.
config({ contents: workerData as l10nJsonFormat });

const tasks = createDocumentTasks((directory, name) => {
  const file = path.join(directory, name);
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? file : undefined;
});

parentPort!.on('message', ({ id, task, args }: TaskCall) => {
  let answer: TaskAnswer;
  try {
    // Checked where it was sent from: `DocumentWorker.call`.
    const table = tasks as Record<TaskName, (...args: readonly unknown[]) => unknown>;
    answer = { id, ok: true, value: table[task](...args) };
  } catch (error) {
    answer = {
      id,
      ok: false,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
  parentPort!.postMessage(answer);
});
