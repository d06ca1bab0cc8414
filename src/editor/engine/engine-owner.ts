import path from 'node:path';
import { EventEmitter, type ExtensionContext, l10n, type LogOutputChannel, workspace } from 'vscode';
import type { EngineOptions, EnginePort, EngineState } from '../../engine/index.js';
import type { LoadedModel } from '../../protocol/engine-messages.js';
import { Refusal } from '../failure.js';
import { loadEngine } from '../lazy.js';
import { checkedEngineSettings, type EngineSettings, engineSettings } from '../settings.js';

export interface EngineStatus {
  readonly state: EngineState;
  /** What was loaded last. */
  readonly model: LoadedModel | undefined;
}

export type StartEngine = (options: EngineOptions) => Promise<EnginePort>;

/** An engine that was started with some settings, and those who use it at the moment. */
interface Lease {
  readonly key: string;
  readonly engine: Promise<EnginePort>;
  readonly users: Set<Promise<unknown>>;
}

/**
 * The engine of this window, started when first needed. A changed setting ends it when its runs are over; the next
 * run gets one with the new settings.
 */
export class EngineOwner {
  readonly #changed = new EventEmitter<EngineStatus>();
  readonly onDidChange = this.#changed.event;
  readonly #stop = new AbortController();
  #start: StartEngine = async (options) => (await loadEngine()).start(options);
  #lease: Lease | undefined;
  /** How often the engine was to be a fresh one. */
  #renewals = 0;
  #engine: EnginePort | undefined;
  #status: EngineStatus = { state: 'stopped', model: undefined };

  constructor(
    private readonly context: ExtensionContext,
    private readonly log: LogOutputChannel,
  ) {}

  get status(): EngineStatus {
    return this.#status;
  }

  /** Folder of the model package that the settings name. */
  get modelDirectory(): string {
    return this.#modelDirectory(engineSettings());
  }

  /**
   * Does `work` with the engine that the settings ask for.
   * @throws EngineError, or Refusal in Restricted Mode and when a setting is nothing to start an engine with
   */
  async use<T>(work: (engine: EnginePort) => Promise<T>): Promise<T> {
    refuseIfUntrusted();
    const lease = await this.#acquire();
    const use = lease.engine.then(work);
    const settled = use.catch(() => undefined);
    lease.users.add(settled);
    try {
      return await use;
    } finally {
      lease.users.delete(settled);
    }
  }

  /** The next who uses an engine gets a fresh one: it chooses its device anew. */
  renew(): void {
    this.#renewals += 1;
  }

  /** Starts engines with `start` from now on; for tests. */
  async startWith(start: StartEngine): Promise<void> {
    const former = this.#lease;
    this.#lease = undefined;
    this.#start = start;
    const engine = await former?.engine.catch(() => undefined);
    await engine?.dispose();
  }

  async dispose(): Promise<void> {
    this.#stop.abort();
    this.#changed.dispose();
    const engine = await this.#lease?.engine.catch(() => undefined);
    await engine?.dispose();
  }

  async #acquire(): Promise<Lease> {
    const settings = checkedEngineSettings();
    const key = JSON.stringify([settings, this.#renewals]);
    const former = this.#lease;
    if (former?.key === key) return former;
    const lease: Lease = { key, engine: this.#replace(former, settings), users: new Set() };
    this.#lease = lease;
    lease.engine.catch(() => {
      // What failed once is tried anew by the next who asks: the author may have mended it.
      if (this.#lease === lease) this.#lease = undefined;
      this.#enter('stopped');
    });
    return lease;
  }

  async #replace(former: Lease | undefined, settings: EngineSettings): Promise<EnginePort> {
    if (former !== undefined) {
      await Promise.all(former.users);
      const engine = await former.engine.catch(() => undefined);
      await engine?.dispose();
    }
    const engine = await this.#start({
      hostPath: path.join(this.context.extensionPath, 'dist', 'engine-host.cjs'),
      modelDirectory: this.#modelDirectory(settings),
      device: settings.device,
      ...(settings.threads > 0 && { threads: settings.threads }),
      ...(settings.nodePath !== '' && { nodePath: settings.nodePath }),
      ...(settings.unloadAfter > 0 && { idleTimeout: settings.unloadAfter * 60_000 }),
      cacheDirectory: path.join(this.context.globalStorageUri.fsPath, 'devices'),
      log: (line) => {
        this.log.debug(line);
      },
      onState: (state) => {
        this.#enter(state);
      },
      signal: this.#stop.signal,
    });
    this.#engine = engine;
    const { model } = engine;
    this.log.info(
      `${model.name} ${model.version} on ${model.device}, ${model.threads} threads, loaded in ${model.loadSeconds.toFixed(2)} s.`,
    );
    if (model.deviceNote !== undefined) this.log.warn(model.deviceNote);
    this.#status = { ...this.#status, model };
    this.#changed.fire(this.#status);
    return engine;
  }

  #modelDirectory({ model }: EngineSettings): string {
    return model === '' ? path.join(this.context.extensionPath, 'models', 'oneflow-mini') : model;
  }

  #enter(state: EngineState): void {
    if (this.#stop.signal.aborted || state === this.#status.state) return;
    // A process that was started anew may run on another device: the GPU of the former one has taken it along.
    const model = this.#engine?.model ?? this.#status.model;
    this.#status = { state, model };
    this.#changed.fire(this.#status);
  }
}

/** @throws Refusal in Restricted Mode */
export function refuseIfUntrusted(): void {
  if (workspace.isTrusted) return;
  throw new Refusal(
    l10n.t(
      'OneFlow does not run its engine in Restricted Mode: trust this workspace to refine documents in it.',
    ),
  );
}
