import { randomBytes } from 'node:crypto';
import { constants, copyFile, link, open, rm } from 'node:fs/promises';
import { type FileSystemError, l10n, Uri, workspace } from 'vscode';
import { removeFile } from '../files.js';
import { Refusal } from '../failure.js';

/** A file beside `target` that nobody else has. */
export function temporaryBeside(target: Uri): Uri {
  return Uri.joinPath(target, '..', `.oneflow-${randomBytes(8).toString('hex')}.tmp`);
}

/**
 * Writes a picture where nothing is, all of it or nothing: into `temporary` beside it, onto the disk, then into its
 * place.
 * @throws Refusal when something is there by now or the place cannot be written to
 */
export async function writePicture(target: Uri, temporary: Uri, png: Uint8Array): Promise<void> {
  try {
    await workspace.fs.createDirectory(Uri.joinPath(target, '..'));
    if (target.scheme === 'file') await writeOnDisk(target.fsPath, temporary.fsPath, png);
    else await writeVirtually(target, temporary, png);
  } catch (error) {
    const { code, message } = error as FileSystemError & NodeJS.ErrnoException;
    if (code === 'EEXIST' || code === 'FileExists') {
      throw new Refusal(
        l10n.t('{0} has appeared meanwhile and is left alone; accept again for another name.', target.path),
      );
    }
    throw new Refusal(l10n.t('{0} cannot be written: {1}', target.path, message));
  }
}

async function writeOnDisk(target: string, temporary: string, png: Uint8Array): Promise<void> {
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(png);
      await file.sync();
    } finally {
      await file.close();
    }
    // A hard link is made only where nothing is.
    await link(temporary, target).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
      await copyFile(temporary, target, constants.COPYFILE_EXCL); // a file system without hard links
    });
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeVirtually(target: Uri, temporary: Uri, png: Uint8Array): Promise<void> {
  try {
    await workspace.fs.writeFile(temporary, png);
    await workspace.fs.rename(temporary, target, { overwrite: false });
  } catch (error) {
    await removeFile(temporary);
    throw error;
  }
}
