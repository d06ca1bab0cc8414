/** Accepts, undos and redos, seen from the text: it is the same but for other sides at the places of some hunks. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { overlap, type Side, sideText, standingSide } from './hunk.js';
import { matchAt } from './line-ends.js';
import type { Splice } from './splices.js';

/** Changes and hunks that touch each other. */
export interface Cluster {
  /** Ascending; they may overlap. */
  readonly hunks: readonly Hunk[];
  readonly splices: readonly Splice[];
  /** The stretch of the text with all of them. */
  readonly range: Range;
  /** The same after the event, where anything changes. */
  readonly newRange: Range | undefined;
}

/** A hunk that has turned over. */
export interface Turn {
  readonly hunk: Hunk;
  readonly side: Side;
  readonly place: Range;
}

/** One way to read the text up to some point. */
interface Reading {
  /** The more, the less likely. */
  readonly cost: number;
  readonly last?: Turn;
  readonly previous?: Reading;
}

/**
 * What it costs to turn over a hunk that a change lies in. A hunk with changes right beside it costs a little more, and
 * one whose place is exactly what changed a little less, since that is how its own accept is reported.
 */
const certain = 1000;

export const canTurn = (hunk: Hunk): boolean =>
  hunk.written !== undefined && standingSide(hunk) !== undefined;

/**
 * The hunks of `cluster` whose turning over explains all of its change; undefined when none do. An edit may be reported
 * trimmed to the characters that differ, and edits of several hunks as one, so texts are compared and not ranges. Of
 * several explanations the one with the fewest turns is taken, then the one whose hunks lie nearest to the changes.
 */
export function turnsOf(before: string, after: string, cluster: Cluster): readonly Turn[] | undefined {
  const { hunks, range, newRange } = cluster;
  if (!newRange) return undefined;
  const ends = hunks.flatMap(({ place }) => [place.start, place.end]);
  const points = [...new Set([range.start, ...ends, range.end])].sort((a, b) => a - b);
  // By point of the text before, and by how far the text after has been read there.
  const readings = new Map(points.map((point) => [point, new Map<number, Reading>()]));
  const arrive = (point: number, end: number, reading: Reading): void => {
    if (end < 0 || end > newRange.end) return;
    const there = readings.get(point)!;
    if (reading.cost < (there.get(end)?.cost ?? Infinity)) there.set(end, reading);
  };
  const costOf = ({ place }: Hunk): number => {
    const { splices } = cluster;
    if (splices.some(({ start, end }) => start === place.start && end === place.end)) return certain - 1;
    return splices.some((splice) => overlap(splice, place)) ? certain : certain + 1;
  };
  arrive(range.start, newRange.start, { cost: 0 });
  let at = 0;
  for (const [index, point] of points.entries()) {
    for (; hunks[at]?.place.start === point; at += 1) {
      const hunk = hunks[at]!;
      const side = standingSide(hunk) === 'before' ? 'written' : 'before';
      for (const [start, previous] of [...readings.get(point)!]) {
        const end = matchAt(after, start, sideText(hunk, side)!);
        const last = { hunk, side, place: { start, end } } as const;
        arrive(hunk.place.end, end, { cost: previous.cost + costOf(hunk), last, previous });
      }
    }
    const next = points[index + 1];
    if (next === undefined) break;
    const unchanged = before.slice(point, next);
    for (const [start, reading] of readings.get(point)!)
      arrive(next, matchAt(after, start, unchanged), reading);
  }
  const whole = readings.get(range.end)!.get(newRange.end);
  return whole && whole.cost > 0 ? turnsBackFrom(whole) : undefined;
}

function turnsBackFrom(reading: Reading): readonly Turn[] {
  const turns: Turn[] = [];
  for (let at: Reading | undefined = reading; at; at = at.previous) if (at.last) turns.push(at.last);
  return turns.reverse();
}

/** Groups the ascending `hunks` and `splices` by what touches. */
export function clustersOf(hunks: readonly Hunk[], splices: readonly Splice[]): readonly Cluster[] {
  const clusters: Cluster[] = [];
  const startOf = (item: Range | undefined): number => item?.start ?? Infinity;
  let hunk = 0;
  let splice = 0;
  while (hunk < hunks.length || splice < splices.length) {
    const [firstHunk, firstSplice] = [hunk, splice];
    const start = Math.min(startOf(hunks[hunk]?.place), startOf(splices[splice]));
    let end = start;
    for (;;) {
      if (startOf(splices[splice]) <= end) end = Math.max(end, splices[splice++]!.end);
      else if (startOf(hunks[hunk]?.place) <= end) end = Math.max(end, hunks[hunk++]!.place.end);
      else break;
    }
    const own = splices.slice(firstSplice, splice);
    const [first, last] = [own[0], own.at(-1)];
    clusters.push({
      hunks: hunks.slice(firstHunk, hunk),
      splices: own,
      range: { start, end },
      newRange: first &&
        last && { start: start + first.newStart - first.start, end: end + last.newEnd - last.end },
    });
  }
  return clusters;
}
