// Makes the extension's packages: one VSIX for each platform, with that platform's binaries alone and the embedded model.
//   npm run package -- [--target TARGET …]      (this platform's, without a target; `all` makes every one)
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { argv } from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createVSIX } from '@vscode/vsce';
import { galleryReadme } from './gallery-readme.mjs';
import { root, run, runNpm } from './run.mjs';
import { newest, setUp } from './setup.mjs';

/** As npm and the packages of ONNX Runtime name the platforms. */
const targets = {
  'linux-x64': { os: 'linux', cpu: 'x64', libc: 'glibc' },
  'linux-arm64': { os: 'linux', cpu: 'arm64', libc: 'glibc' },
  'win32-x64': { os: 'win32', cpu: 'x64' },
  'win32-arm64': { os: 'win32', cpu: 'arm64' },
  'darwin-arm64': { os: 'darwin', cpu: 'arm64' },
};
/** What the bundles load from node_modules: packages with native code. */
const nativePackages = ['onnxruntime-node', 'sharp'];
const copied = [
  '.vscodeignore',
  'CHANGELOG.md',
  'LICENSE',
  'examples',
  'l10n',
  'media',
  'models/oneflow-mini',
];
/** Bytes of the largest package that the gallery takes without trouble. */
const largest = 110e6;
const out = join(root, 'out', 'package');
const ownTarget = `${process.platform}-${process.arch}`;

if (argv[1] !== undefined && pathToFileURL(argv[1]).href === import.meta.url) {
  const { values } = parseArgs({ options: { target: { type: 'string', multiple: true } } });
  const asked = values.target ?? [ownTarget];
  const wanted = asked.includes('all') ? Object.keys(targets) : asked;
  const unknown = wanted.filter((target) => !(target in targets));
  if (unknown.length > 0) {
    console.error(
      `package: there is no target ${unknown.join(', ')}; there are ${Object.keys(targets).join(', ')}, all.`,
    );
    process.exit(2);
  }
  setUp();
  for (const target of wanted) {
    const file = await makePackage(target);
    const bytes = statSync(file).size;
    console.log(`${relative(root, file)}  ${(bytes / 1e6).toFixed(1)} MB`);
    if (bytes > largest) {
      console.error(`package: this is more than ${largest / 1e6} MB.`);
      process.exit(1);
    }
  }
}

/** Path of this platform's package, made afresh when a source has changed since. */
export async function upToDatePackage() {
  const sources = [
    'src',
    'README.md',
    'package-lock.json',
    'package.json',
    'scripts',
    ...copied,
    ...localisedManifests(),
  ];
  const file = packagePath(ownTarget);
  if (existsSync(file) && newest(sources.map((source) => join(root, source))) <= statSync(file).mtimeMs)
    return file;
  console.error('Packaging …');
  return makePackage(ownTarget);
}

/** Stages what the package of one platform holds, and packs it. */
async function makePackage(target) {
  const stage = join(out, target);
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  installDependencies(stage, targets[target]);
  for (const name of [...copied, ...localisedManifests()]) {
    cpSync(join(root, name), join(stage, name), { recursive: true });
  }
  run(process.execPath, [join(root, 'scripts', 'build.mjs'), '--outdir', join(stage, 'dist')]);
  writeFileSync(join(stage, 'README.md'), galleryReadme(readFileSync(join(root, 'README.md'), 'utf8'), root));

  const file = packagePath(target);
  await createVSIX({
    cwd: stage,
    target,
    packagePath: file,
    allowMissingRepository: true,
    // `galleryReadme` has seen to the links.
    rewriteRelativeLinks: false,
  });
  return file;
}

function packagePath(target) {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(out, `${name}-${target}-${version}.vsix`);
}

/** Writes the package's manifest, and installs the native packages of a platform as the lock file has them. */
function installDependencies(stage, { os, cpu, libc }) {
  const forContributors = ['scripts', 'devDependencies', 'files', 'private'];
  const entries = Object.entries(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const manifest = Object.fromEntries(entries.filter(([field]) => !forContributors.includes(field)));
  manifest.dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies).filter(([name]) => nativePackages.includes(name)),
  );
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  cpSync(join(root, 'package-lock.json'), join(stage, 'package-lock.json'));
  const platform = [`--os=${os}`, `--cpu=${cpu}`, ...(libc ? [`--libc=${libc}`] : [])];
  runNpm(
    ['install', '--omit=dev', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error', ...platform],
    {
      cwd: stage,
    },
  );
  keepOnly(join(stage, 'node_modules', 'onnxruntime-node', 'bin'), os, cpu);
}

/** ONNX Runtime brings the binaries of every platform: bin/napi-vN/OS/CPU. */
function keepOnly(bin, os, cpu) {
  const [api, ...others] = readdirSync(bin);
  const kept = join(bin, api ?? '', os, cpu);
  if (others.length > 0 || !existsSync(kept))
    throw new Error(`${bin} has another layout than this script knows.`);
  for (const [folder, name] of [
    [join(bin, api), os],
    [join(bin, api, os), cpu],
  ]) {
    for (const other of readdirSync(folder)) {
      if (other !== name) rmSync(join(folder, other), { recursive: true });
    }
  }
}

function localisedManifests() {
  return readdirSync(root).filter((name) => /^package\.nls(\.[\w-]+)?\.json$/.test(name));
}
