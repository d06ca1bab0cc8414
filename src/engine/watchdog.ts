/** Seconds between two heartbeats. */
const interval = 1;

/**
 * What the process is at, which says how long it may be silent, in heartbeats:
 * - `idle`: nothing blocks it, so it answers at once;
 * - `warming-up`: it starts, loads, or has yet to give its run's first frame. Reading a large package, compiling
 *   shaders and filling caches may block it for long;
 * - `running`: passes follow each other. One may take many times as long as another when the machine is busy.
 */
export type Activity = 'idle' | 'warming-up' | 'running';

const patience: Readonly<Record<Activity, number>> = { idle: 10, 'warming-up': 120, running: 30 };
/** A pass that takes so many times as long as the longest before is no pass any more. */
const slowdown = 10;

/**
 * Finds a process that hangs: sends it a ping every second and counts those seconds in which nothing was heard. It
 * counts its own heartbeats and reads no clock, so time in which the computer slept or the owner was blocked itself
 * is not held against the process, nor does it matter when somebody sets the clock.
 */
export class Watchdog {
  #activity: Activity = 'warming-up';
  #silence = 0;
  /** The longest silence of the present activity that ended. */
  #longest = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  /** @param onHang called once, with the seconds of silence */
  constructor(
    private readonly ping: () => void,
    private readonly onHang: (seconds: number) => void,
  ) {
    this.#timer = setInterval(() => {
      this.#beat();
    }, interval * 1000);
    this.#timer.unref();
  }

  /** Says what the process is at from now on. */
  expect(activity: Activity): void {
    if (activity === this.#activity) return;
    this.#activity = activity;
    this.#silence = 0;
    this.#longest = 0;
  }

  /** Takes note of a sign of life. */
  heard(): void {
    this.#longest = Math.max(this.#longest, this.#silence);
    this.#silence = 0;
  }

  dispose(): void {
    clearInterval(this.#timer);
  }

  #beat(): void {
    // One ping on its way at a time: a blocked process is not to find a heap of them.
    if (this.#silence === 0) this.ping();
    this.#silence += 1;
    if (this.#silence < Math.max(patience[this.#activity], slowdown * this.#longest)) return;
    this.dispose();
    this.onHang(this.#silence * interval);
  }
}
