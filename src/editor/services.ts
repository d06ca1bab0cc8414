import { type ExtensionContext, type LogOutputChannel, window } from 'vscode';
import { DocumentWorker } from './documents/document-worker.js';
import { EngineOwner } from './engine/engine-owner.js';

/** What the parts of the extension share. Each has one owner: this one. */
export interface Services {
  /** As package.json has it. */
  readonly version: string;
  readonly log: LogOutputChannel;
  readonly engine: EngineOwner;
  readonly worker: DocumentWorker;
  dispose(): void;
}

/** Nothing here starts a process, a thread or a timer: that comes with the first use. */
export function createServices(context: ExtensionContext): Services {
  const log = window.createOutputChannel('OneFlow', { log: true });
  const engine = new EngineOwner(context, log);
  const worker = new DocumentWorker(context.extensionPath, log);
  return {
    version: (context.extension.packageJSON as { version: string }).version,
    log,
    engine,
    worker,
    dispose: () => {
      worker.dispose();
      void engine.dispose();
      log.dispose();
    },
  };
}
