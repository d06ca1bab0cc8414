// Makes a clone ready to run: installs the dependencies when they are missing or the lock file has changed, builds
// when a source is newer than the bundles. Says nothing when there is nothing to do. Needs nothing but Node.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { root, run, runNpm } from './run.mjs';

const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const lockFile = join(root, 'package-lock.json');
const modules = join(root, 'node_modules');
/** Remembers which lock file `node_modules` was installed from. */
const lockHashFile = join(modules, '.oneflow-lock-hash');
const bundles = [
  ...['extension.cjs', 'document-worker.cjs', 'engine-host.cjs', 'engine-guard.cjs', 'cli.cjs'],
  ...['preview.js', 'preview.css'],
].map((name) => join(root, 'dist', name));

/** Installs and builds what is not up to date. Ends the process with a sentence when that is not possible. */
export function setUp() {
  requireNode();
  const hash = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (!isInstalled(hash)) {
    console.error('Installing dependencies …');
    runNpm(['ci', '--no-fund', '--no-audit', '--loglevel=error']);
    writeFileSync(lockHashFile, `${hash}\n`);
  }
  if (!isBuilt()) {
    console.error('Building …');
    run(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  }
}

function requireNode() {
  const oldest = engines.node.replace('>=', '');
  const [[oldestMajor, oldestMinor], [major, minor]] = [oldest, process.versions.node].map((version) =>
    version.split('.').map(Number),
  );
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return;
  console.error(`OneFlow needs Node.js ${oldest} or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function isInstalled(hash) {
  if (existsSync(lockHashFile)) return readFileSync(lockHashFile, 'utf8').trim() === hash;
  // Installed by hand: npm writes this file last, so it is newer than the lock file it came from.
  const written = changeTime(join(modules, '.package-lock.json'));
  if (written === undefined || written < changeTime(lockFile)) return false;
  writeFileSync(lockHashFile, `${hash}\n`);
  return true;
}

function isBuilt() {
  const built = bundles.map(changeTime);
  if (built.includes(undefined)) return false;
  const sources = [
    'src',
    'media/preview',
    'scripts/build.mjs',
    'scripts/bundling.mjs',
    'package.json',
    'package-lock.json',
  ];
  return newest(sources.map((source) => join(root, source))) <= Math.min(...built);
}

/** The last change of these files, and of everything in these folders, in milliseconds. */
export function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const own = statSync(path);
      if (!own.isDirectory()) return own.mtimeMs;
      // A folder's own time tells of files that were taken away.
      return Math.max(own.mtimeMs, newest(readdirSync(path).map((name) => join(path, name))));
    }),
  );
}

function changeTime(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

if (argv[1] !== undefined && pathToFileURL(argv[1]).href === import.meta.url) setUp();
