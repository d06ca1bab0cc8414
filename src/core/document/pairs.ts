/** Pairs openers with closers. */
import * as l10n from '@vscode/l10n';
import type { Position } from './classify.js';
import { placeOf, type Lines } from './lines.js';
import type { MarkCandidate, MarkFault } from './mark-scan.js';

/** A mark with its place. */
export interface PlacedMark {
  readonly mark: MarkCandidate;
  readonly position: Position;
}

/** A masked stretch; `<!--mask/-->` is its own closer. */
export interface MarkPair {
  readonly opener: PlacedMark;
  readonly closer: PlacedMark;
}

/** Spans do not nest, so one opener at a time waits for its closer. Candidates that are text are passed over. */
export function pairMarks(
  candidates: readonly PlacedMark[],
  lines: Lines,
): { readonly pairs: readonly MarkPair[]; readonly faults: readonly MarkFault[] } {
  const pairs: MarkPair[] = [];
  const faults: MarkFault[] = [];
  let open: PlacedMark | undefined;
  /** The last candidate that would have fitted had it not been text. */
  let textOpener: MarkCandidate | undefined;
  let textCloser: MarkCandidate | undefined;

  for (const placed of candidates) {
    const { mark, position } = placed;
    if (position.kind === 'text') {
      if (mark.kind === 'open') textOpener = mark;
      if (mark.kind === 'close' && open) textCloser ??= mark;
      continue;
    }
    if (mark.fault) faults.push(mark.fault);
    if (position.kind === 'illegal') {
      faults.push({ code: position.code, message: position.message, offset: mark.start });
    }
    if (mark.kind === 'close') {
      if (open) pairs.push({ opener: open, closer: placed });
      else faults.push(strayCloser(mark, textOpener, lines));
      open = textOpener = textCloser = undefined;
    } else if (open) {
      const { line } = placeOf(lines, open.mark.start);
      const message = l10n.t(
        'Masks do not nest: write `<!--/mask-->` to end the one that begins on line {0} first.',
        line,
      );
      faults.push({ code: 'mark-nested', message, offset: mark.start });
    } else if (mark.kind === 'empty') {
      pairs.push({ opener: placed, closer: placed });
    } else open = placed;
  }
  // An ordinary comment that begins with “mask” is told so, not that it lacks a closer.
  if (open && !open.mark.fault) faults.push(unclosed(open.mark, textCloser, lines));
  return { pairs, faults };
}

function unclosed(opener: MarkCandidate, textCloser: MarkCandidate | undefined, lines: Lines): MarkFault {
  const message = textCloser
    ? l10n.t(
        'This mask is not closed: the `<!--/mask-->` on line {0} stands inside code, HTML or a link’s destination, where marks are plain text; move it out.',
        placeOf(lines, textCloser.start).line,
      )
    : l10n.t(
        'This mask is not closed: write `<!--/mask-->` where it ends, or `<!--mask/-->` for an empty one.',
      );
  return { code: 'mark-unclosed', message, offset: opener.start };
}

function strayCloser(closer: MarkCandidate, textOpener: MarkCandidate | undefined, lines: Lines): MarkFault {
  const message = textOpener
    ? l10n.t(
        'This closer has no opener: the `<!--mask-->` on line {0} stands inside code, HTML or a link’s destination, where marks are plain text; move it out.',
        placeOf(lines, textOpener.start).line,
      )
    : l10n.t('This closer has no opener: write `<!--mask-->` where the mask begins, or remove it.');
  return { code: 'mark-stray-closer', message, offset: closer.start };
}
