/** Names of picture files, and how Markdown writes where they are. */

const longestName = 60;
const reservedOnWindows = /^(con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * A file name, without extension, that every file system takes: lower-case ASCII words of the alt text joined by
 * hyphens, at most 60 characters; `picture` when nothing is left.
 */
export function pictureSlug(alt: string): string {
  const words = alt
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const slug = words.slice(0, longestName).replaceAll(/^-+|-+$/g, '');
  return slug === '' || reservedOnWindows.test(slug) ? `picture${slug && `-${slug}`}` : slug;
}

/**
 * A path with `/` as a Markdown destination: each part percent-encoded, so that a first part with a colon does not
 * read as a scheme, nor a parenthesis as the destination's end.
 */
export function encodeDestination(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replaceAll(
        /[()'*!]/g,
        (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}

/** The path of `file` as seen from the folder `from`; both absolute, with `/`, on one file system. */
export function relativePath(from: string, file: string): string {
  const fromParts = from.split('/').filter((part) => part !== '');
  const parts = file.split('/').filter((part) => part !== '');
  let shared = 0;
  while (shared < fromParts.length && shared < parts.length - 1 && fromParts[shared] === parts[shared])
    shared += 1;
  return [...fromParts.slice(shared).map(() => '..'), ...parts.slice(shared)].join('/');
}

/** Whether the text of a document in the folder `from` has the path of `file`, as it is or encoded. */
export function namesFile(text: string, from: string, file: string): boolean {
  const path = relativePath(from, file);
  return hasWhole(text, path) || hasWhole(text, encodeDestination(path));
}

/** Not as the end of a longer name; a longer path may lead to the same file. */
function hasWhole(text: string, path: string): boolean {
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + 1)) {
    if (!/[\p{L}\p{N}\p{M}_.~%-]/u.test(text.charAt(at - 1))) return true;
  }
  return false;
}
