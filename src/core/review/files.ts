/** The picture files of hunks, which stay after an undo until the author decides. */
import type { Hunk, WrittenFile } from '../../protocol/review.js';
import { overlap, type Review } from './hunk.js';

/** The review with other files for some hunks, by id. */
export function withFiles(review: Review, files: ReadonlyMap<string, readonly WrittenFile[]>): Review {
  const hunks = review.hunks.map((hunk) => {
    const own = files.get(hunk.id);
    return own ? { ...hunk, files: own } : hunk;
  });
  return { ...review, hunks };
}

/** The files of hunks that others replace, each for the first that takes its place: redo may show them still. */
export function inheritFiles(heirs: readonly Hunk[], replaced: readonly Hunk[]): readonly Hunk[] {
  return replaced.reduce((hunks, { files = [], place }) => {
    const heir = files.length > 0 && hunks.find((hunk) => overlap(hunk.place, place));
    if (!heir) return hunks;
    return hunks.map((hunk) =>
      hunk === heir ? { ...hunk, files: [...(hunk.files ?? []), ...files] } : hunk,
    );
  }, heirs);
}

/** The review after a folder has got another name, both given as URIs. */
export function moveFiles(review: Review, from: string, to: string): Review {
  const hunks = review.hunks.map((hunk) =>
    hunk.files
      ? {
          ...hunk,
          files: hunk.files.map((file) =>
            file.uri.startsWith(`${from}/`) ? { ...file, uri: to + file.uri.slice(from.length) } : file,
          ),
        }
      : hunk,
  );
  return { ...review, hunks };
}
