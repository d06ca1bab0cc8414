/**
 * What the editor has done with whole documents away from its own thread: text in, plain data out. Each of these
 * takes time in proportion to the document's length.
 */
import { type DocumentError, type DocumentWarning, type Mask, parseDocument } from './document/index.js';

/** What the editor shows of a document's marks. */
export interface Analysis {
  /** Those that are well-formed, in document order. */
  readonly masks: readonly Mask[];
  readonly errors: readonly DocumentError[];
  readonly warnings: readonly DocumentWarning[];
}

export function createDocumentTasks() {
  return {
    analyse(source: string): Analysis {
      const result = parseDocument(source);
      if (!result.ok) return { masks: [], errors: [result.error], warnings: [] };
      const { masks, warnings } = result.document;
      return { masks, errors: [], warnings };
    },
  };
}

export type DocumentTasks = ReturnType<typeof createDocumentTasks>;
export type TaskName = keyof DocumentTasks;

/** What the worker is sent and answers; both ends are this program's own. */
export interface TaskCall {
  readonly id: number;
  readonly task: TaskName;
  readonly args: readonly unknown[];
}
export type TaskAnswer =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly message: string };
