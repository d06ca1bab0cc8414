/** Reads the files of a model package so that nothing outside the folder, linked or altered can get in. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import path from 'node:path';
import { badModel, firstLine, HostError } from './errors.js';

/** A file as model.json lists it; `path` is relative to the package, with `/`. */
export interface ListedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** All files of a package together, in bytes. */
const maxPackageBytes = 1024 ** 3;

/** Letters, digits, `_`, `-` and `.` in each part, no part starting with a dot: safe on every file system. */
const plainPath = /^[A-Za-z0-9_-][\w.-]*(?:\/[A-Za-z0-9_-][\w.-]*)*$/;

/** SHA-256 in lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Checks the list itself: plain relative paths, none twice, a sane total.
 * @throws HostError `bad-model`
 */
export function checkFileList(files: readonly ListedFile[]): void {
  const seen = new Set<string>();
  let total = 0;
  for (const file of files) {
    if (!plainPath.test(file.path)) {
      throw badModel(
        `model.json lists the file "${file.path}"; a path must be relative to the package and made of ` +
          `letters, digits, "_", "-", "." and "/" only, without ".."`,
      );
    }
    // Compared without case: two names that differ in case alone are one file on many file systems.
    const key = file.path.toLowerCase();
    if (key === 'model.json') throw badModel('model.json lists itself; remove that entry');
    if (seen.has(key)) throw badModel(`model.json lists the file "${file.path}" twice`);
    seen.add(key);
    total += file.bytes;
  }
  if (total > maxPackageBytes) {
    throw badModel(`its files are ${total} bytes together, more than the ${maxPackageBytes} allowed`);
  }
}

/**
 * Reads one listed file, once, and checks those very bytes against size and hash. What the caller then parses is
 * the buffer that was checked, so the file may change on disk meanwhile without effect.
 * @throws HostError `bad-model`
 */
export async function readListedFile(root: string, file: ListedFile): Promise<Uint8Array> {
  const bytes = await readPlainFile(root, file.path, (size) => {
    if (size === file.bytes) return;
    const state = size < file.bytes ? 'cut short' : 'too long';
    throw badModel(`${file.path} is ${state}: ${size} bytes where model.json lists ${file.bytes}`);
  });
  const actual = sha256(bytes);
  if (actual !== file.sha256) {
    throw badModel(
      `${file.path} was altered: its SHA-256 is ${actual} where model.json lists ${file.sha256}`,
    );
  }
  return bytes;
}

/**
 * Reads a regular file below `root` that is reached without any link.
 * @param checkSize throws when a file of so many bytes must not be read
 * @throws HostError `bad-model`
 */
export async function readPlainFile(
  root: string,
  relativePath: string,
  checkSize: (bytes: number) => void,
): Promise<Uint8Array> {
  try {
    await refuseLinkedFolders(root, relativePath);
    const absolute = path.join(root, relativePath);
    // Before opening, since opening a pipe or a device may block or have effects.
    if (!(await lstat(absolute)).isFile()) throw notPlain(relativePath);
    // Windows has no O_NOFOLLOW; the hash check covers what could slip in between there.
    const noFollow = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
    const handle = await open(absolute, constants.O_RDONLY | noFollow);
    try {
      const status = await handle.stat();
      if (!status.isFile() || status.nlink !== 1) throw notPlain(relativePath);
      checkSize(status.size);
      const bytes = new Uint8Array(status.size);
      let filled = 0;
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, filled);
        if (bytesRead === 0) throw badModel(`${relativePath} was cut short while it was read`);
        filled += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof HostError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw badModel(`${relativePath} is missing`);
    if (code === 'ELOOP') throw notPlain(relativePath);
    throw badModel(`${relativePath} cannot be read: ${firstLine(error)}`);
  }
}

async function refuseLinkedFolders(root: string, relativePath: string): Promise<void> {
  const folders = relativePath.split('/').slice(0, -1);
  for (let depth = 1; depth <= folders.length; depth += 1) {
    const folder = folders.slice(0, depth).join('/');
    if ((await lstat(path.join(root, folder))).isSymbolicLink()) {
      throw badModel(`the folder ${folder} is a symbolic link; a package must hold its files itself`);
    }
  }
}

function notPlain(relativePath: string): Error {
  return badModel(
    `${relativePath} is a link, has a second name (hard link) or is no regular file; a package must hold its files itself`,
  );
}
