// Runs programs in the repository's root for the other scripts; the first one that fails ends the script.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Runs a program with this terminal. When it fails, this process ends with its exit code. */
export function run(program, args, options = {}) {
  const { status, signal, error } = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) console.error(`${program} cannot be started: ${error.message}`);
  if (status !== 0) process.exit(status ?? (signal === 'SIGINT' ? 130 : 1));
}

/** Runs npm: the one that runs this script, else the one on the PATH. */
export function runNpm(args, options = {}) {
  const npm = process.env.npm_execpath;
  if (npm !== undefined && /npm-cli\.c?js$/.test(npm)) run(process.execPath, [npm, ...args], options);
  else run('npm', args, { shell: process.platform === 'win32', ...options });
}

/** Runs a program that a package in node_modules brings, by the path of its script. */
export function runTool(script, args) {
  run(process.execPath, [fileURLToPath(new URL(`../node_modules/${script}`, import.meta.url)), ...args]);
}
