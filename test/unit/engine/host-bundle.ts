/** The engine process as it ships, built for the test file that asks. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');

export const tinyModel = path.join(root, 'test/fixtures/engine/tiny-model');

export interface Bundle {
  readonly hostPath: string;
  /** Removes what was built. */
  readonly remove: () => Promise<void>;
}

/** Builds below the project's own folder, so that the native packages are found. */
export async function buildHost(): Promise<Bundle> {
  const folder = path.join(root, 'out', 'test', `engine-${process.pid}-${process.hrtime.bigint()}`);
  await promisify(execFile)(process.execPath, [
    path.join(root, 'scripts', 'build.mjs'),
    '--outdir',
    folder,
    'engine-host',
    'engine-guard',
  ]);
  return {
    hostPath: path.join(folder, 'engine-host.cjs'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
