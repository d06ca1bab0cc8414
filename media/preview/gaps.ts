/** Gaps: bars as wide as words, in place of words that are still to come. */
import { element } from './dom.js';
import type { LineFlow } from './line-flow.js';

/** Widths of gaps, in ems: as uneven as words are. */
const wordWidths = [5, 3, 7, 4, 6, 2, 8, 4, 3, 6].map((letters) => letters * 0.55);
/** Between gaps and before the first, in ems; as in the style sheet. */
const space = 0.28;
/** The narrowest gap that still looks like one, in ems. */
const narrowest = 1;
/** Milliseconds from one breath of the gaps to the next. */
const breath = 3600;

/** Gaps for a number of words. */
export function gaps(count: number, asBlock: boolean): HTMLElement {
  const widths = Array.from({ length: count }, (_, index) => `${wordWidths[index % wordWidths.length]!}em`);
  return gapsOf(widths, asBlock);
}

/** Gaps within lines of text that take `room` pixels of the flow from its end on. */
export function gapsInRoom(room: number, { start, end, width, em }: LineFlow): HTMLElement {
  const [least, margin] = [narrowest * em, space * em];
  const before = end > start ? margin : 0;
  const widths: number[] = [];
  let left = room - before;
  let place = (end + before) % width;
  while (left >= least) {
    const leftOfLine = width - place;
    const most = left < leftOfLine ? left : leftOfLine - margin - 1;
    const usual = wordWidths[widths.length % wordWidths.length]! * em;
    const isLast = most < usual + margin + least;
    if (most >= least) widths.push(isLast ? most : usual);
    const taken = isLast ? Math.min(left, leftOfLine) : usual + margin;
    left -= taken;
    place = (place + taken) % width;
  }
  const made = gapsOf(widths.map(toPixels), false);
  made.style.marginRight = toPixels(Math.max(0, left));
  return made;
}

const toPixels = (width: number): string => `${width}px`;

function gapsOf(widths: readonly string[], asBlock: boolean): HTMLElement {
  const bars = widths.map((width) => {
    const bar = element('i', { class: 'gap' });
    bar.style.width = width;
    return bar;
  });
  const made = element(asBlock ? 'p' : 'span', { class: 'gaps', 'aria-hidden': 'true' }, ...bars);
  // They breathe on where those before them were.
  made.style.animationDelay = `${-Math.round(performance.now() % breath)}ms`;
  return made;
}
