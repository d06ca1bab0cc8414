/** Keeps hunks where they belong while the document is edited. */
import type { Hunk } from '../../protocol/review.js';
import type { Range } from '../document/types.js';
import { findAgain, type Found, type Move, SearchedText } from './find-again.js';
import { inOrder, type Review, type Side, sideText, standing, standingSide, standsAt } from './hunk.js';
import { hasPastOf, recalled, withPast } from './past.js';
import { differing, type Splice, SpliceMap, splicesOf, type TextChange, wholeSplice } from './splices.js';
import { canTurn, clustersOf, type Turn, turnsOf } from './turns.js';

/**
 * The review after an edit. What is edited outside of a hunk moves it, at its very ends too. An edit inside displaces
 * it, unless one of its sides stands there afterwards: undo and redo of an accept turn it over. A hunk that a larger
 * change has swallowed is found again by its text and what is around it, where that leaves no doubt. When the text is
 * what it once was, after `isUndoOrRedo` above all, hunks stand as they did. After every call
 * each hunk that is not displaced or edited has its text at its place, character by character but for line ends.
 */
export function rebase(
  review: Review,
  changes: readonly TextChange[],
  textAfter: string,
  isUndoOrRedo = false,
): Review {
  const splices = splicesOf(review.text, changes, textAfter);
  if (splices) {
    const hunks = moveHunks(review, splices, textAfter, isUndoOrRedo);
    if (hunks.every((hunk) => isInPlace(hunk, textAfter))) return { text: textAfter, hunks };
  }
  // VS Code joins events that come at once, as an undo that changes the line ends too: each change counts on the one
  // before.
  if (changes.length > 1 && changes.reduce(applied, review.text) === textAfter) {
    return changes.reduce(
      (moved, change) => rebase(moved, [change], applied(moved.text, change), isUndoOrRedo),
      review,
    );
  }
  return rebaseOnto(review, textAfter);
}

function applied(text: string, { rangeOffset, rangeLength, text: inserted }: TextChange): string {
  return text.slice(0, rangeOffset) + inserted + text.slice(rangeOffset + rangeLength);
}

/** The review of a text that has become `textAfter`, when nothing is known of the edits between. */
export function rebaseOnto(review: Review, textAfter: string): Review {
  const hunks = moveHunks(review, [wholeSplice(review.text, textAfter)], textAfter, false);
  return { text: textAfter, hunks };
}

interface Edit {
  readonly before: string;
  readonly after: string;
  /** What hunks that have turned over account for. */
  readonly explained: ReadonlySet<Splice>;
  readonly searched: Pick<Move, 'before' | 'after'>;
  readonly reported: SpliceMap;
  /** What the reported changes have come down to. */
  readonly map: SpliceMap;
}

function moveHunks(
  { text, hunks }: Review,
  reported: readonly Splice[],
  after: string,
  isUndoOrRedo: boolean,
): readonly Hunk[] {
  const splices: Splice[] = [];
  const turned = new Map<Hunk, Turn>();
  const explained = new Set<Splice>();
  // What the turning over of hunks explains is read as a whole; trimmed, a change of several hunks tells less.
  for (const cluster of clustersOf(hunks.filter(canTurn), reported)) {
    const turns = turnsOf(text, after, cluster);
    for (const turn of turns ?? []) turned.set(turn.hunk, turn);
    const changes = turns ? turns.map(spliceOf) : cluster.splices;
    for (const splice of changes.flatMap((change) => differing(text, after, change))) {
      splices.push(splice);
      if (turns) explained.add(splice);
    }
  }
  if (splices.length === 0) return hunks;
  const searched = { before: new SearchedText(text), after: new SearchedText(after) };
  const edit = {
    before: text,
    after,
    searched,
    explained,
    reported: new SpliceMap(reported),
    map: new SpliceMap(splices),
  };
  // An accept may make the text what it was once after the accept of another hunk.
  const isAccept = !isUndoOrRedo && splices.every((splice) => explained.has(splice));
  const moved = hunks.map((hunk) => {
    const turn = turned.get(hunk);
    const told = edit.reported.inner(hunk.place);
    const known = isAccept && standingSide(hunk) ? undefined : recalled(hunk, text, after, told);
    if (known) return known;
    if (turn) return standing(withPast(hunk, text), turn.side, turn.place);
    return standingSide(hunk) ? moveStanding(hunk, edit) : moveLost(hunk, edit);
  });
  return inOrder(moved);
}

function spliceOf({ hunk, place }: Turn): Splice {
  return { ...hunk.place, newStart: place.start, newEnd: place.end };
}

function isInPlace(hunk: Hunk, text: string): boolean {
  const side = standingSide(hunk);
  return side === undefined || standsAt(text, hunk.place, sideText(hunk, side)!);
}

function moveStanding(hunk: Hunk, edit: Edit): Hunk {
  const { before, after, map, reported } = edit;
  const side = standingSide(hunk)!;
  const inner = map.inner(hunk.place);
  // The undo will be reported as widely, and when the text was the same once before, this standing is the one it means.
  const isTouched = reported.touching(hunk.place).length > 0;
  const kept = isTouched || hasPastOf(hunk, before) ? withPast(hunk, before) : hunk;
  const touching = map.touching(hunk.place);
  if (touching.length === 0) return standing(kept, side, inner);
  const isUnexplained = !touching.some((splice) => edit.explained.has(splice));
  const turn =
    isUnexplained && canTurn(hunk) && turnsOf(before, after, clustersOf([hunk], touching)[0]!)?.[0];
  if (turn) return standing(kept, turn.side, turn.place);
  const isCrossed = isCrossedBy(map, hunk.place);
  if (isCrossed) {
    // What reads as the turning over of another hunk may have been made otherwise: of two equal words the other went.
    const told = reported.inner(hunk.place);
    if (!isCrossedBy(reported, hunk.place) && standsAt(after, told, sideText(hunk, side)!)) {
      return standing(kept, side, told);
    }
    const found = find(hunk, edit);
    if (found) return standing(kept, found.side, found.place);
    const again = recalled(kept, before, after, told);
    if (again) return again;
  } else {
    if (standsAt(after, inner, sideText(hunk, side)!)) return standing(kept, side, inner);
    const text = sideText(hunk, other(side));
    if (text !== undefined && standsAt(after, inner, text)) return standing(kept, other(side), inner);
  }
  return {
    ...kept,
    state: side === 'written' ? 'edited' : 'displaced',
    place: map.outer(hunk.place),
    isExact: !isCrossed,
  };
}

function other(side: Side): Side {
  return side === 'before' ? 'written' : 'before';
}

/** Whether a change reaches over an end of `place`, so that where it ended is not known any more. */
function isCrossedBy(map: SpliceMap, place: Range): boolean {
  return map.touching(place).some((splice) => isCrossing(splice, place));
}

function isCrossing(splice: Splice, { start, end }: Range): boolean {
  return (splice.start < start && splice.end > start) || (splice.start < end && splice.end > end);
}

/** A hunk that is displaced or edited: it comes back when its text is put together again, or with an undo. */
function moveLost(hunk: Hunk, edit: Edit): Hunk {
  const { after, map } = edit;
  const place = map.outer(hunk.place);
  if (map.touching(hunk.place).length === 0) return { ...hunk, place };
  const isExact = hunk.isExact === true && !isCrossedBy(map, hunk.place);
  for (const side of ['before', 'written'] as const) {
    const text = sideText(hunk, side);
    // Nothing can stand anywhere.
    if (!isExact || text === undefined || text === '') continue;
    if (standsAt(after, place, text)) return standing(hunk, side, place);
  }
  return { ...hunk, place, isExact };
}

function find(hunk: Hunk, { searched, map }: Edit): Found | undefined {
  const across = map.touching(hunk.place).filter((splice) => isCrossing(splice, hunk.place));
  const [first, last] = [across[0]!, across.at(-1)!];
  return findAgain(hunk, {
    ...searched,
    changed: { start: first.start, end: last.end },
    newChanged: { start: first.newStart, end: last.newEnd },
  });
}
