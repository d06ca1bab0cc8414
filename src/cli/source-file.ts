import { readFileSync, statSync } from 'node:fs';
import { CliFailure } from './failure.js';

const largestDocument = 64 * 1024 * 1024;

/** Reads a Markdown file. The BOM, if there is one, stays. */
export function readSource(file: string): string {
  const bytes = readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const { line, column } = firstInvalidByte(bytes);
    throw new CliFailure('bad-input', 'This is not UTF-8 text; convert the file to UTF-8 first.', {
      file,
      line,
      column,
    });
  }
}

function readBytes(file: string): Uint8Array {
  try {
    const stats = statSync(file);
    if (stats.isDirectory()) {
      throw new CliFailure('bad-input', `${file} is a folder; name a Markdown file.`);
    }
    if (!stats.isFile())
      throw new CliFailure('bad-input', `${file} is not a regular file; name a Markdown file.`);
    if (stats.size > largestDocument) {
      throw new CliFailure('bad-input', `${file} is larger than 64 MB; split the document.`);
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure('bad-input', `${file} cannot be read: ${systemReason(error)}.`);
  }
}

/** Line and column (1-based, UTF-16 units) of the first byte that is not UTF-8. */
function firstInvalidByte(bytes: Uint8Array): { readonly line: number; readonly column: number } {
  // A streaming decoder takes every valid prefix, so the longest one can be searched for.
  const valid = (length: number): string | undefined => {
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length), {
        stream: true,
      });
    } catch {
      return undefined;
    }
  };
  let [low, high] = [0, bytes.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (valid(middle) === undefined) high = middle;
    else low = middle;
  }
  const lines = (valid(low) ?? '').split('\n');
  return { line: lines.length, column: lines.at(-1)!.length + 1 };
}

/** Whether a regular file can be found at `path`. What the system refuses (a name too long, links in a circle) is none. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether both paths lead to one file. Not by name: many file systems take `A.md` and `a.md` for one. */
export function isSameFile(one: string, other: string): boolean {
  // Big integers: a file number may be larger than a double can tell apart.
  const [a, b] = [one, other].map((path) => statSync(path, { bigint: true, throwIfNoEntry: false }));
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev;
}

/** Says in words why the system refused. */
export function systemReason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file or folder',
    EACCES: 'permission is denied',
    EPERM: 'the operation is not permitted',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ENOTDIR: 'a part of its path is not a folder',
    EISDIR: 'it is a folder',
    ENAMETOOLONG: 'the name is too long',
    ELOOP: 'its links go in a circle',
    EEXIST: 'the file exists',
    EMFILE: 'too many files are open',
  };
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}
