/** Which Node runs the engine process. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

export interface Runtime {
  /** The executable. */
  readonly execPath: string;
  /** What it needs in its environment, beside what every runtime inherits. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The oldest Node that the engine runs on, as in `package.json`. */
export const oldestNode = '20.19';

/** True in an editor's extension host, whose executable is Electron and not plain Node. */
export const insideElectron = process.versions['electron'] !== undefined;

/** The Node that runs this: in an editor the editor's own, told to be nothing else. */
export function ownRuntime(execPath = process.execPath, electron = insideElectron): Runtime {
  return { execPath, environment: electron ? { ELECTRON_RUN_AS_NODE: '1' } : {} };
}

/**
 * A plain Node to fall back on: the one named, else the first one on the PATH; undefined when there is none that is
 * new enough. Relative entries of the PATH are left out: what they hold depends on the folder that is open.
 */
export async function findNode(
  named: string | undefined,
  searchPath = process.env['PATH'] ?? '',
): Promise<Runtime | undefined> {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const folders = searchPath.split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const candidates = named === undefined ? folders.map((folder) => path.join(folder, program)) : [named];
  for (const execPath of candidates) {
    if (await isNewEnough(execPath)) return { execPath, environment: {} };
  }
  return undefined;
}

async function isNewEnough(execPath: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(execPath, ['--version'], { timeout: 5000 });
    const [major, minor] = versionOf(stdout.replace('v', ''));
    const [oldestMajor, oldestMinor] = versionOf(oldestNode);
    return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  } catch {
    return false; // not there, or no program
  }
}

/** Major and minor of a version; not-a-numbers, which are less than nothing, where it is none. */
function versionOf(version: string): [number, number] {
  const [major, minor] = version.split('.');
  return [Number(major), Number(minor)];
}
