/** What a page's main thread does, from Chromium's own trace. */
import type { CDPSession, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds of the processor's time. */
  readonly tdur?: number;
}

interface Tasks {
  /** Milliseconds of the processor's time that the longest one took. */
  readonly longest: number;
  /** 0–1 of the time that went by. */
  readonly share: number;
}

/** Tasks of one page's main thread, in the processor's time: a thread that has to wait for one is not busy. */
export class TaskTimes {
  readonly #page: Page;
  readonly #session: CDPSession;

  private constructor(page: Page, session: CDPSession) {
    this.#page = page;
    this.#session = session;
  }

  static async of(page: Page): Promise<TaskTimes> {
    return new TaskTimes(page, await page.context().browser()!.newBrowserCDPSession());
  }

  /** Measures while `work` is done and the browser is told to do nothing else. */
  async during(work: () => Promise<void>): Promise<Tasks> {
    const events: TraceEvent[] = [];
    const collect = ({ value }: { value: object[] }): void => {
      events.push(...(value as TraceEvent[]));
    };
    this.#session.on('Tracing.dataCollected', collect);
    await this.#session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: ['toplevel', 'blink.user_timing'] },
    });
    const mark = `tasks-${performance.now()}`;
    await this.#page.evaluate((name) => performance.mark(name), mark);
    const began = performance.now();
    await work();
    const took = performance.now() - began;
    const complete = new Promise((resolve) => this.#session.once('Tracing.tracingComplete', resolve));
    await this.#session.send('Tracing.end');
    await complete;
    this.#session.off('Tracing.dataCollected', collect);
    const ours = events.find(({ name }) => name === mark);
    const times = events
      .filter(
        ({ name, pid, tid }) =>
          name === 'ThreadControllerImpl::RunTask' && pid === ours?.pid && tid === ours.tid,
      )
      .map(({ tdur = 0 }) => tdur / 1000);
    if (times.length === 0) throw new Error('The browser told of no tasks.');
    return { longest: Math.max(...times), share: times.reduce((sum, time) => sum + time, 0) / took };
  }
}
