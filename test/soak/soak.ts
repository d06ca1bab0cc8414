/**
 * Runs, random cancels and random kills on real engine processes, for as long as one likes. Every answer must be
 * whole, an estimate that was asked for, or a clean error; nothing may grow, and no process may be left.
 */
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { philox } from '../../src/core/flow/random.js';
import { Engine, EngineError } from '../../src/engine/index.js';
import type { Frame, RefineRequest, RefineResult } from '../../src/protocol/engine-messages.js';
import { type Held, measureOwner, processesWith } from './measure.js';
import { soup } from '../unit/engine/soup.js';

export interface SoakOptions {
  readonly hostPath: string;
  readonly modelDirectory: string;
  /** How long it lasts: at least so long, and at least so many rounds of three runs. */
  readonly seconds: number;
  readonly rounds: number;
  /** The same seed asks for the same in the same order; what meets what is up to the machine. */
  readonly seed: number;
}

export interface SoakSummary {
  readonly complete: number;
  readonly interrupted: number;
  /** Runs that ended in an error that says why. */
  readonly failed: number;
  readonly kills: number;
  /** Growth from the end of the warm-up to the end. */
  readonly growth: Held & { readonly engine: number };
  /** One sentence for every answer that was wrong or never came. */
  readonly lost: readonly string[];
  /** One sentence for everything that grew or stayed behind. */
  readonly leaked: readonly string[];
}

/**
 * The warm-up is a tenth of it all, and longer, up to half of it, until the heaps of the steady engine have settled,
 * which takes some five hundred runs. What memory grows by is judged only if they have.
 */
const warmUp = { least: 0.1, most: 0.5, runs: 500 };
/** Longest wait for an answer, in milliseconds. */
const patience = 300_000;
/** Growth that is noise: live objects of the owner and resident memory of an engine, in megabytes. */
const mostGrowth = { heap: 8, engine: 40 };

const requests: readonly RefineRequest[] = Array.from({ length: 4 }, (_, seed) => ({
  seed,
  steps: 12,
  segments: soup,
}));

/** Runs the soak and tells what came of it. Rejects only when an engine cannot be started at all. */
export async function soak(options: SoakOptions): Promise<SoakSummary> {
  const run = new Soak(options, await startEngine(options, 'steady'), await startEngine(options, 'harmed'));
  try {
    await run.work();
    return await run.summary();
  } finally {
    await run.dispose();
  }
}

class Soak {
  #draws = 0;
  readonly #counts = { complete: 0, interrupted: 0, failed: 0, kills: 0 };
  readonly #lost: string[] = [];
  /** What every request gives, undisturbed. */
  #expected: readonly RefineResult[] = [];
  #before: SoakSummary['growth'] | undefined;
  #hasSettled = false;

  /**
   * @param steady lives through it all, so that its memory tells of leaks
   * @param harmed is killed again and again
   */
  constructor(
    private readonly options: SoakOptions,
    private readonly steady: Engine,
    private harmed: Engine,
  ) {}

  async work(): Promise<void> {
    this.#expected = await Promise.all(requests.map((request) => this.steady.refine(request)));
    const { seconds, rounds } = this.options;
    const start = performance.now();
    for (let round = 0; ; round += 1) {
      const passed = Math.min((performance.now() - start) / 1000 / seconds, round / rounds);
      if (passed >= 1) break;
      this.#hasSettled ||= this.#before === undefined && 2 * round >= warmUp.runs;
      if (passed >= (this.#hasSettled ? warmUp.least : warmUp.most)) this.#before ??= await this.#measure();
      await Promise.all([this.#disturb(), this.#harm()]);
    }
  }

  async summary(): Promise<SoakSummary> {
    const [before, after] = [this.#before!, await this.#measure()];
    const growth = {
      heap: after.heap - before.heap,
      handles: after.handles - before.handles,
      listeners: after.listeners - before.listeners,
      engine: after.engine - before.engine,
    };
    const leaked: string[] = [];
    for (const name of ['heap', 'engine'] as const) {
      if (this.#hasSettled && growth[name] > mostGrowth[name])
        leaked.push(`The ${name} grew by ${growth[name].toFixed(1)} MB.`);
    }
    for (const name of ['handles', 'listeners'] as const) {
      if (growth[name] > 0) leaked.push(`There are ${growth[name]} ${name} more than after the warm-up.`);
    }
    await this.dispose();
    const left = await processesWith(this.options.hostPath);
    if (left.length > 0) leaked.push(`${left.length} engine processes are left.`);
    return { ...this.#counts, growth, lost: this.#lost, leaked };
  }

  async dispose(): Promise<void> {
    await Promise.all([this.steady.dispose(), this.harmed.dispose()]);
  }

  /** Two runs, the second one in the queue, each of which may be cancelled at any moment. */
  async #disturb(): Promise<void> {
    await Promise.all([this.#run(this.steady, 'steady'), this.#run(this.steady, 'steady')]);
  }

  /** A run whose process may be killed at any moment: while it is started, loads, runs for sure, or after that. */
  async #harm(): Promise<void> {
    const [kind, delay, pass] = [this.#draw(4), this.#draw(400), 1 + this.#draw(12)];
    let kill: Promise<void> | undefined;
    if (kind === 0) kill = setTimeout(delay).then(() => this.#kill());
    const error = await (kind === 1
      ? this.#runToDeath((frame) => {
          if (frame.pass === pass) kill = this.#kill();
        })
      : this.#run(this.harmed, 'harmed'));
    await kill;
    if (error?.code === 'engine-unavailable') await this.#replaceHarmed();
  }

  /** A run that is far too long to end before it is killed. */
  async #runToDeath(onFrame: (frame: Frame) => void): Promise<EngineError | undefined> {
    const answer = this.harmed.refine({ ...requests[0]!, steps: 1000 }, { onFrame });
    return this.#outcome(answer, 'harmed', () => {
      this.#lost.push('A run ended well whose process was killed.');
    });
  }

  async #kill(): Promise<void> {
    const signal = (['SIGKILL', 'SIGSEGV', 'SIGABRT', 'SIGTRAP'] as const)[this.#draw(4)]!;
    for (const { pid } of await this.#processesOf('harmed')) {
      this.#counts.kills += 1;
      process.kill(pid, signal);
    }
  }

  /** As an author does who has had enough of it. */
  async #replaceHarmed(): Promise<void> {
    await this.harmed.dispose();
    this.harmed = await startEngine(this.options, 'harmed');
  }

  /** One run, perhaps with a cancel; judges its answer and returns its error, if it is a clean one. */
  async #run(engine: Engine, role: Role): Promise<EngineError | undefined> {
    const index = this.#draw(requests.length);
    const stop = new AbortController();
    const [kind, pass, delay] = [this.#draw(3), 1 + this.#draw(12), this.#draw(200)];
    const answer = engine.refine(requests[index]!, {
      signal: stop.signal,
      onFrame: (frame) => {
        if (kind === 1 && frame.pass === pass) stop.abort();
      },
    });
    const timer = new AbortController();
    if (kind === 2) {
      setTimeout(delay, undefined, { signal: timer.signal }).then(
        () => {
          stop.abort();
        },
        () => undefined, // the answer came first
      );
    }
    try {
      return await this.#outcome(answer, role, (result) => {
        this.#judge(result, index, stop.signal.aborted);
      });
    } finally {
      timer.abort();
    }
  }

  /** Waits for an answer, not for ever. Its error, if it is a clean one. */
  async #outcome(
    answer: Promise<RefineResult>,
    role: Role,
    judge: (result: RefineResult) => void,
  ): Promise<EngineError | undefined> {
    const timer = new AbortController();
    const late = setTimeout(patience, 'late' as const, { signal: timer.signal });
    late.catch(() => undefined); // that the answer came first
    try {
      const result = await Promise.race([answer, late]);
      if (result === 'late') this.#lost.push(`A run on the ${role} engine was never answered.`);
      else judge(result);
    } catch (error) {
      const isClean = role === 'harmed' && error instanceof EngineError;
      if (!isClean || !['engine-died', 'engine-unavailable'].includes(error.code)) {
        this.#lost.push(`A run on the ${role} engine failed: ${String(error)}`);
        return undefined;
      }
      this.#counts.failed += 1;
      return error;
    } finally {
      timer.abort();
    }
    return undefined;
  }

  #judge(result: RefineResult, index: number, wasCancelled: boolean): void {
    if (result.interrupted) {
      this.#counts.interrupted += 1;
      const isNothing = result.forwardPasses === 0 && result.spans.length + result.pictures.length === 0;
      const isEstimate =
        result.forwardPasses > 0 && result.spans.length === 1 && result.pictures.length === 1;
      if (!wasCancelled) this.#lost.push('A run was interrupted that nobody cancelled.');
      else if (!isNothing && !isEstimate) this.#lost.push('An interrupted run gave half an estimate.');
      return;
    }
    this.#counts.complete += 1;
    const { spans, pictures, forwardPasses } = this.#expected[index]!;
    const isSame = isDeepStrictEqual(
      [result.spans, result.pictures, result.forwardPasses],
      [spans, pictures, forwardPasses],
    );
    if (!isSame) this.#lost.push(`A run with seed ${index} gave something else than before.`);
  }

  /** What is held when both engines have a process that does nothing. */
  async #measure(): Promise<SoakSummary['growth']> {
    await this.#replaceHarmed();
    const [engine] = await this.#processesOf('steady');
    if (engine === undefined) this.#lost.push('The steady engine lost its process.');
    return { ...(await measureOwner()), engine: engine?.megabytes ?? 0 };
  }

  #processesOf(role: Role) {
    return processesWith(`${this.options.hostPath} ${memoryLimits[role]}`);
  }

  /** A whole number from 0 to below `count`. */
  #draw(count: number): number {
    this.#draws += 1;
    return philox([this.#draws, 0, 0, 0], [this.options.seed, 0])[0] % count;
  }
}

type Role = 'steady' | 'harmed';
/** Bytes; they also tell the processes apart in the list of the system's. */
const memoryLimits: Readonly<Record<Role, number>> = { steady: 2_000_000_000, harmed: 2_000_000_001 };

function startEngine({ hostPath, modelDirectory }: SoakOptions, role: Role): Promise<Engine> {
  const memoryLimit = memoryLimits[role];
  return Engine.start({
    hostPath,
    modelDirectory,
    device: 'cpu',
    threads: 1,
    memoryLimit,
    log: () => undefined,
  });
}
