/** Runs the built command line as an author would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';

const cli = resolve('dist/cli.cjs');
/** What is measured of this machine is kept here, not where its user's own runs keep it. */
const caches = resolve('out/test/caches');
export const examples = ['tomato-soup', 'pot-a-plant', 'the-little-boat'] as const;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that is running. */
export interface Running {
  readonly process: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when stderr holds `text`; rejects when the process ends without it. */
  readonly says: (text: string) => Promise<void>;
}

/** @param home where what was measured is kept: in one place for all tests, unless one is about that */
export function start(args: readonly string[], folder: string, home = caches): Running {
  if (!existsSync(cli)) throw new Error('dist/cli.cjs is missing: run `npm run build` first.');
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, HOME: home, XDG_CACHE_HOME: home, LOCALAPPDATA: home },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolveEnd, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolveEnd({ code, stdout, stderr });
    });
  });
  onTestFinished(() => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolveSaid, reject) => {
      const look = (): void => {
        if (stderr.includes(text)) resolveSaid();
      };
      child.stderr.on('data', look);
      void ended.then(() => {
        reject(new Error(`The process ended without saying "${text}":\n${stderr}`));
      });
      look();
    });
  return { process: child, pid: child.pid!, ended, says };
}

export function run(args: readonly string[], folder: string, home = caches): Promise<Ended> {
  return start(args, folder, home).ended;
}

/** A folder of the test's own, gone when the test is over. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'oneflow-e2e-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Every file below `folder` with its bytes, in the order of the paths. */
export function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(
    paths.map((path) => [path.slice(folder.length + 1).replaceAll('\\', '/'), readFileSync(path)]),
  );
}

/** The ids of the processes that `pid` started and that still run. Linux only. */
export function childrenOf(pid: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid: string): number | undefined {
  try {
    // The name in brackets may hold anything; the parent is the second field behind it.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}

/** True while a process of this id is there and no zombie. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Waits until `probe` gives something, at most `seconds`. */
export async function eventually<T>(
  probe: () => T | undefined | false,
  what: string,
  seconds = 20,
): Promise<T> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const found = probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > end) throw new Error(`Waited ${seconds} s for ${what}.`);
    await new Promise((resume) => setTimeout(resume, 5));
  }
}
