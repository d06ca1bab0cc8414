import { realpath } from 'node:fs/promises';
import path from 'node:path';

/**
 * Whether a file that is written at `file` comes to lie in `root`, once links in its path are followed; both absolute,
 * on disk. A link in a workspace that somebody else made must not lead new files elsewhere.
 */
export async function liesIn(root: string, file: string): Promise<boolean> {
  const [realRoot, realFolder] = await Promise.all([realpath(root), realFolderOf(path.dirname(file))]);
  const relative = path.relative(realRoot, realFolder);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** The real path of a folder, or of the nearest one above it that is there. */
async function realFolderOf(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    const above = path.dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || above === folder) throw error;
    return path.join(await realFolderOf(above), path.basename(folder));
  }
}
