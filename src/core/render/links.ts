/**
 * Which destinations of a document may become links, and which of them name a file beside it.
 */

const scheme = /^[a-z][a-z0-9+.-]*:/i;
const followableScheme = /^(https?|mailto):/i;
// Browsers skip controls inside a scheme and read a backslash as a slash; bidi controls hide what is really there.
const deceptive =
  /[\u0000-\u0020\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\\]|%(?:[01][0-9a-f]|5c|7f)/i;

/** True for http, https and mailto, for relative destinations and for fragments; nothing else may be a link. */
export function isFollowable(destination: string): boolean {
  if (deceptive.test(destination) || destination.startsWith('//')) return false;
  return followableScheme.test(destination) || !/^[^/?#]*:/.test(destination);
}

/**
 * The file path that a relative destination names: query and fragment cut off, percent-encoding undone.
 * Undefined for anything that is not a path relative to the document (a URL, `/rooted`, `#fragment`, a broken
 * encoding, a NUL).
 */
export function relativeFilePath(destination: string): string | undefined {
  if (scheme.test(destination) || /^[/\\#?]/.test(destination)) return undefined;
  const encoded = destination.replace(/[?#].*$/s, '');
  try {
    const path = decodeURIComponent(encoded);
    return path === '' || path.includes('\0') || path.includes('\\') ? undefined : path;
  } catch {
    return undefined;
  }
}
