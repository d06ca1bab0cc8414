// Puts a software Vulkan driver where the tests find it, so that WebGPU can be tested without a GPU: SwiftShader, as
// Debian's chromium-common package brings it. Its files are taken out of the package and lie in the ignored folder
// out/; nothing of the system is changed but apt's lists, which take root to be updated.
//   node scripts/software-vulkan.mjs
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './run.mjs';

const folder = join(root, 'out', 'software-vulkan');
const files = ['vk_swiftshader_icd.json', 'libvk_swiftshader.so', 'libvulkan.so.1'];
const places = ['/usr/lib/chromium', folder];

if (places.some((place) => files.every((file) => existsSync(join(place, file))))) process.exit(0);
if (spawnSync('apt-get', ['--version']).status !== 0) {
  console.error('The software Vulkan driver is taken from a Debian package; there is no apt-get here.');
  process.exit(1);
}

mkdirSync(join(root, 'out'), { recursive: true });
const work = mkdtempSync(join(root, 'out', 'vulkan-package-'));
try {
  if (process.getuid() === 0) run('apt-get', ['update', '-qq']);
  // apt's own user may not write here.
  run('apt-get', ['download', '-qq', '-o', 'APT::Sandbox::User=root', 'chromium-common'], { cwd: work });
  const [archive] = readdirSync(work).filter((name) => name.endsWith('.deb'));
  run('dpkg-deb', ['--extract', archive, 'package'], { cwd: work });
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const found = join(work, 'package', 'usr', 'lib', 'chromium');
  for (const file of files) renameSync(join(found, file), join(folder, file));
} finally {
  rmSync(work, { recursive: true, force: true });
}
