import type { Output } from './output.js';

/** Tells how far a run has come. */
export interface Progress {
  pass(done: number, planned: number): void;
  /** Leaves the line free for what is printed next. */
  end(): void;
}

/** A bar on a terminal, a few plain lines elsewhere. `now` gives milliseconds. */
export function createProgress(output: Output, now: () => number): Progress {
  return output.terminal ? barProgress(output, estimate(now)) : lineProgress(output, estimate(now));
}

type TimeLeft = (done: number, planned: number) => string;

/** Says how long the rest will take. The first pass has warming up in it, so the clock starts after it. */
function estimate(now: () => number): TimeLeft {
  let first: { readonly pass: number; readonly time: number } | undefined;
  return (done, planned) => {
    first ??= { pass: done, time: now() };
    if (done === first.pass || done >= planned) return '';
    const seconds = (((now() - first.time) / (done - first.pass)) * (planned - done)) / 1000;
    return `, about ${Math.ceil(seconds)} s left`;
  };
}

/** Characters that a bar needs to say anything; a narrower terminal shows the words alone. */
const leastBar = 8;

function barProgress(output: Output, timeLeft: TimeLeft): Progress {
  let drawn = false;
  return {
    pass(done, planned) {
      const label = `pass ${done} of ${planned}${timeLeft(done, planned)}`;
      // A line that fills the terminal would wrap; one that wraps cannot be drawn over.
      const room = Math.max(0, output.columns - 1);
      const width = Math.min(40, room - label.length - 3);
      const filled = Math.round((width * done) / Math.max(planned, done, 1));
      const line =
        width < leastBar
          ? label.slice(0, room)
          : `[${'#'.repeat(filled)}${'.'.repeat(width - filled)}] ${label}`;
      output.raw(`\r${line}\u001b[K`);
      drawn = true;
    },
    end() {
      if (drawn) output.raw('\r\u001b[K');
      drawn = false;
    },
  };
}

/** One line for the first pass, one for each further quarter. */
function lineProgress(output: Output, timeLeft: TimeLeft): Progress {
  let quarter = -1;
  return {
    pass(done, planned) {
      const reached = Math.floor((4 * done) / Math.max(planned, done, 1));
      if (reached <= quarter) return;
      quarter = reached;
      output.note(`pass ${done} of ${planned}${timeLeft(done, planned)}`);
    },
    end: () => undefined,
  };
}
