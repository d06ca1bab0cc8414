/**
 * Writes the files of one run: all of them or none. Each goes to a temporary file beside its place, is synced, and
 * takes its place in one step, so that no reader ever sees half a file.
 *
 * All of it is synchronous: a signal cannot come between two steps.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CliFailure } from './failure.js';
import { isSameFile, systemReason } from './source-file.js';

export interface OutputFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Whether a file of this name is replaced; without it such a file is an error. */
  readonly replace: boolean;
  /** Set where the run chose the name, so that another one will do. */
  readonly renamable?: true;
}

/** A name that was free when it was chosen is taken. */
class NameTaken extends CliFailure {
  constructor(readonly path: string) {
    super('output-exists', `${path} appeared during the run; it was left alone, and nothing was written.`);
  }
}

/**
 * Writes the files of a plan, all of them or none, as `writeAll` does. Another run may take a name between the plan and
 * its file: where the name does not matter, it is planned anew without the names in `taken`.
 * @returns the plan that was written
 */
export function writePlan<T extends { readonly files: readonly OutputFile[] }>(
  plan: (taken: ReadonlySet<string>) => T,
  input: string,
): T {
  const taken = new Set<string>();
  for (;;) {
    const planned = plan(taken);
    try {
      writeAll(planned.files, input);
      return planned;
    } catch (error) {
      const lost =
        error instanceof NameTaken ? planned.files.find(({ path }) => path === error.path) : undefined;
      if (lost?.renamable !== true) throw error;
      taken.add(lost.path);
    }
  }
}

/** Undoes one step. Called in reverse order, when a later step failed. */
type Undo = () => void;

/**
 * Writes `files` in order, with the folders they need. Throws a `CliFailure` when one cannot be written; then every
 * folder and file is as it was.
 * @param input the file that is not replaced, whatever name it goes by
 */
export function writeAll(files: readonly OutputFile[], input: string): void {
  const undo: Undo[] = [];
  const backups: string[] = [];
  let current = '';
  try {
    const staged = files.map((file) => {
      current = file.path;
      makeFolder(dirname(file.path), undo);
      return { ...file, temporary: stage(file, undo) };
    });
    for (const file of staged) {
      current = file.path;
      if (file.replace) replace(file.temporary, file.path, input, undo, backups);
      else create(file.temporary, file.path, undo);
    }
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    if (error instanceof CliFailure) throw error;
    throw new CliFailure(
      'write-failed',
      `${current} cannot be written: ${systemReason(error)}. Nothing was written.`,
    );
  }
  for (const backup of backups) rmSync(backup, { force: true });
}

/** A step that cannot be undone (a folder that another program has filled) must not keep the others from it. */
function attempt(step: Undo): void {
  try {
    step();
  } catch {
    // The failure that is being reported is the one that matters.
  }
}

/**
 * Checks, before a run, that `folder` can be written to. Folders that are missing are made only when something is
 * written, so here the nearest one that exists is tried.
 */
export function checkFolder(folder: string): void {
  let existing = folder;
  try {
    const look = () => statSync(existing, { throwIfNoEntry: false });
    while (look() === undefined && dirname(existing) !== existing) {
      // Nothing can be made where a link is, and what it leads to was not named.
      if (lstatSync(existing, { throwIfNoEntry: false }) !== undefined) {
        throw new CliFailure(
          'bad-output',
          `${existing} is a link that leads nowhere; choose another folder.`,
        );
      }
      existing = dirname(existing);
    }
    if (look()?.isDirectory() !== true) {
      throw new CliFailure('bad-output', `${existing} is not a folder, so nothing can be written in it.`);
    }
    const probe = temporaryName(existing);
    closeSync(openSync(probe, 'wx'));
    rmSync(probe);
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure('bad-output', `${existing} cannot be written to: ${systemReason(error)}.`);
  }
}

function temporaryName(folder: string): string {
  return join(folder, `.oneflow-${randomBytes(8).toString('hex')}.tmp`);
}

function makeFolder(folder: string, undo: Undo[]): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  undo.push(() => {
    for (let made = folder; made.length >= first.length; made = dirname(made)) rmdirSync(made);
  });
}

function stage({ path, bytes }: OutputFile, undo: Undo[]): string {
  const temporary = temporaryName(dirname(path));
  const descriptor = openSync(temporary, 'wx');
  undo.push(() => {
    rmSync(temporary, { force: true });
  });
  try {
    writeFileSync(descriptor, bytes);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return temporary;
}

/** Puts the file in its place unless one has appeared there: a hard link is made only where nothing is. */
function create(temporary: string, path: string, undo: Undo[]): void {
  try {
    try {
      linkSync(temporary, path);
    } catch (error) {
      if (isTaken(error)) throw error;
      copyFileSync(temporary, path, constants.COPYFILE_EXCL); // a file system without hard links
    }
  } catch (error) {
    if (!isTaken(error)) throw error;
    throw new NameTaken(path);
  }
  undo.push(() => {
    rmSync(path, { force: true });
  });
  rmSync(temporary);
}

function isTaken(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'EEXIST';
}

/** Puts the file in its place and keeps the old one, under another name, until all is done. */
function replace(temporary: string, path: string, input: string, undo: Undo[], backups: string[]): void {
  // It was no such name when the run began, but folders and links may have moved since.
  if (isSameFile(path, input)) {
    throw new CliFailure(
      'bad-output',
      `${path} became the input during the run; it was left alone, and nothing was written.`,
    );
  }
  const backup = temporaryName(dirname(path));
  const kept = keep(path, backup);
  if (kept) {
    backups.push(backup);
    undo.push(() => {
      rmSync(backup, { force: true });
    });
  }
  renameSync(temporary, path);
  undo.push(() => {
    if (kept) renameSync(backup, path);
    else rmSync(path, { force: true });
  });
}

/** Gives the file a second name; false when there is no file. */
function keep(path: string, backup: string): boolean {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return false;
  try {
    linkSync(path, backup);
  } catch {
    copyFileSync(path, backup, constants.COPYFILE_EXCL);
  }
  return true;
}
