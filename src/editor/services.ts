import { type ExtensionContext, l10n, type LogOutputChannel, window } from 'vscode';
import { Analyses } from './documents/analyses.js';
import { DocumentWorker } from './documents/document-worker.js';
import { WorkedOn } from './documents/worked-on.js';
import { EngineOwner } from './engine/engine-owner.js';
import { PendingPictures } from './pictures/pending-pictures.js';
import { Previews } from './preview/previews.js';
import { AcceptJournal } from './review/accept-journal.js';
import { ReviewStore } from './review/review-store.js';
import { Reviews } from './review/reviews.js';
import { RunTimes } from './runs/run-times.js';
import { Runs } from './runs/runs.js';

/** What the parts of the extension share. Each has one owner: this one. */
export interface Services {
  /** As package.json has it. */
  readonly version: string;
  readonly log: LogOutputChannel;
  readonly engine: EngineOwner;
  readonly worker: DocumentWorker;
  readonly analyses: Analyses;
  readonly workedOn: WorkedOn;
  readonly reviews: Reviews;
  readonly runs: Runs;
  readonly times: RunTimes;
  readonly pictures: PendingPictures;
  readonly accepts: AcceptJournal;
  readonly previews: Previews;
  /** Ends everything; what is under review is kept. */
  dispose(): Promise<void>;
}

/** Nothing here starts a process: that comes with the first run. */
export function createServices(context: ExtensionContext): Services {
  const log = window.createOutputChannel('OneFlow', { log: true });
  const engine = new EngineOwner(context, log);
  const worker = new DocumentWorker(context.extensionPath, log, l10n.bundle);
  const analyses = new Analyses(worker);
  const workedOn = new WorkedOn();
  const pictures = new PendingPictures(context);
  const store = new ReviewStore(context, pictures, log);
  const reviews = new Reviews(store);
  const runs = new Runs(engine, worker, reviews, pictures, log);
  const times = new RunTimes(context.globalState);
  const accepts = new AcceptJournal(context, log);
  const services: Services = {
    version: (context.extension.packageJSON as { version: string }).version,
    log,
    engine,
    worker,
    analyses,
    workedOn,
    reviews,
    runs,
    times,
    pictures,
    accepts,
    get previews() {
      return previews;
    },
    dispose: async () => {
      runs.dispose();
      analyses.dispose();
      workedOn.dispose();
      reviews.dispose();
      await Promise.all([store.flush(), engine.dispose()]);
      worker.dispose();
      log.dispose();
    },
  };
  const previews = new Previews(services, context);
  return services;
}
