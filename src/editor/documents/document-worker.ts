import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { LogOutputChannel } from 'vscode';
import type { DocumentTasks, TaskAnswer, TaskCall, TaskName } from '../../core/document-tasks.js';

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
}

/** A document that keeps the thread busy for longer is given up. */
const longestTask = 60_000;

/** The thread that parses documents. It is started by the first call, and again after it has ended by a fault. */
export class DocumentWorker {
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;
  #lastId = 0;

  constructor(
    private readonly extensionPath: string,
    private readonly log: Pick<LogOutputChannel, 'error'>,
    private readonly translations: Readonly<Record<string, string>> = {},
  ) {}

  /** Runs a task of `core/document-tasks.ts` in the thread; calls are worked on in their order. */
  async call<K extends TaskName>(
    task: K,
    ...args: Parameters<DocumentTasks[K]>
  ): Promise<ReturnType<DocumentTasks[K]>> {
    const worker = (this.#worker ??= this.#start());
    this.#lastId += 1;
    const call: TaskCall = { id: this.#lastId, task, args };
    const answer = new Promise<ReturnType<DocumentTasks[K]>>((resolve, reject) => {
      this.#waiting.set(call.id, { resolve, reject });
    });
    worker.postMessage(call);
    this.#watchOver();
    return answer;
  }

  dispose(): void {
    this.#end(new Error('The extension is being ended.'));
  }

  #start(): Worker {
    const worker = new Worker(path.join(this.extensionPath, 'dist', 'document-worker.cjs'), {
      workerData: this.translations,
    });
    worker.on('message', (answer: TaskAnswer) => {
      const waiting = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      this.#watchOver();
      if (answer.ok) waiting?.resolve(answer.value as never);
      else waiting?.reject(new Error(answer.message));
    });
    worker.on('error', (error) => {
      this.log.error(`The document thread ended: ${error.message}`);
      this.#end(error);
    });
    worker.unref();
    return worker;
  }

  #watchOver(): void {
    clearTimeout(this.#watch);
    if (this.#waiting.size === 0) return;
    this.#watch = setTimeout(() => {
      this.#end(new Error('This document takes too long to read.'));
    }, longestTask);
  }

  #end(error: Error): void {
    clearTimeout(this.#watch);
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(error);
  }
}
