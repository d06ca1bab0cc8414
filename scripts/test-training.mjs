// Runs the tests of the training code in a Python environment of its own, made when it is missing or when the
// requirements have changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const windows = process.platform === 'win32';
const training = join(root, 'models', 'training');
const requirements = join(training, 'requirements.txt');
const environment = join(training, '.venv');
const python = join(environment, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']));
/** Remembers which requirements the environment was made from. */
const hashFile = join(environment, '.requirements-hash');

const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex');
if (!existsSync(hashFile) || readFileSync(hashFile, 'utf8').trim() !== hash) {
  const system = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (system === undefined) {
    console.error('The training tests need Python 3.11 or newer on the PATH.');
    process.exit(1);
  }
  console.error('Making the Python environment models/training/.venv …');
  rmSync(environment, { recursive: true, force: true });
  run(system, ['-m', 'venv', environment]);
  run(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements]);
  writeFileSync(hashFile, `${hash}\n`);
}
run(python, ['-m', 'pytest', '-q', 'models/training/tests']);
