/**
 * Keeps a place without text on its side of what comes and goes right there. What is typed there stands before it. What
 * was deleted there and comes back must stand where it was, which the text does not tell: so the last edits are kept.
 */
import type { Hunk } from '../../protocol/review.js';
import { withLineEnds } from './line-ends.js';

type Besides = NonNullable<Hunk['besides']>;
type Beside = Besides[number];

/** More is not needed: an author undoes the last edits first. */
const keptEdits = 50;

/** After `text` has been deleted right after the place, or right before it. */
export function afterDeletion(besides: Besides, isAfter: boolean, text: string): Besides {
  const deleted = withLineEnds(text, '\n');
  const last = besides.at(-1);
  if (last?.isAfter === isAfter) {
    if (!last.isDeletion && (isAfter ? last.text.startsWith(deleted) : last.text.endsWith(deleted))) {
      const rest = isAfter ? last.text.slice(deleted.length) : last.text.slice(0, -deleted.length);
      return withLast(besides, { ...last, text: rest });
    }
    if (last.isDeletion) {
      return withLast(besides, { ...last, text: isAfter ? last.text + deleted : deleted + last.text });
    }
  }
  return withNext(besides, { isDeletion: true, isAfter, text: deleted });
}

/** After `text` has been inserted at the place; `isAfter`: it stands after the place. */
export function afterInsertion(
  besides: Besides,
  text: string,
): { readonly besides: Besides; readonly isAfter: boolean } {
  const inserted = withLineEnds(text, '\n');
  const last = besides.at(-1);
  if (last?.isDeletion) {
    const { isAfter } = last;
    // Of several deletions the last comes back first: the one farthest from the place.
    if (isAfter ? last.text.endsWith(inserted) : last.text.startsWith(inserted)) {
      const rest = isAfter ? last.text.slice(0, -inserted.length) : last.text.slice(inserted.length);
      return { besides: withLast(besides, { ...last, text: rest }), isAfter };
    }
  } else if (last && !last.isAfter) {
    return { besides: withLast(besides, { ...last, text: last.text + inserted }), isAfter: false };
  }
  return {
    besides: withNext(besides, { isDeletion: false, isAfter: false, text: inserted }),
    isAfter: false,
  };
}

function withLast(besides: Besides, last: Beside): Besides {
  return last.text === '' ? besides.slice(0, -1) : [...besides.slice(0, -1), last];
}

function withNext(besides: Besides, next: Beside): Besides {
  return [...besides, next].slice(-keptEdits);
}
