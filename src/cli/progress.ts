import type { Output } from './output.js';

/** Tells how far a run has come. */
export interface Progress {
  pass(done: number, planned: number): void;
  /** Leaves the line free for what is printed next. */
  end(): void;
}

/** A bar on a terminal, a few plain lines elsewhere. `now` gives milliseconds. */
export function createProgress(output: Output, now: () => number): Progress {
  return output.terminal ? barProgress(output, wording(now)) : lineProgress(output, wording(now));
}

type Words = (done: number, planned: number) => string;

/** Which pass it is, and how long the rest will take. Nobody knows how many will follow those that were planned. */
function wording(now: () => number): Words {
  const timeLeft = estimate(now);
  let isComplete = false;
  return (done, planned) => {
    if (isComplete) return `finishing the text (pass ${done})`;
    isComplete = done >= planned;
    return `pass ${done} of ${planned}${timeLeft(done, planned)}`;
  };
}

/** The first pass has warming up in it, so the clock starts after it. */
function estimate(now: () => number): Words {
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

function barProgress(output: Output, words: Words): Progress {
  let drawn = false;
  return {
    pass(done, planned) {
      const label = words(done, planned);
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

/** One line for the first pass, one for each further quarter, one for each pass beyond those planned. */
function lineProgress(output: Output, words: Words): Progress {
  let quarter = -1;
  return {
    pass(done, planned) {
      const reached = Math.floor((4 * done) / Math.max(planned, done, 1));
      const line = words(done, planned);
      if (reached <= quarter && reached < 4) return;
      quarter = reached;
      output.note(line);
    },
    end: () => undefined,
  };
}
