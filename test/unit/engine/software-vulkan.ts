/** The software Vulkan driver that WebGPU is tested on where there is no GPU; see scripts/software-vulkan.mjs. */
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');
const folder = ['/usr/lib/chromium', path.join(root, 'out', 'software-vulkan')].find((place) =>
  existsSync(path.join(place, 'vk_swiftshader_icd.json')),
);

export const hasSoftwareVulkan = folder !== undefined;
if (!hasSoftwareVulkan) {
  console.warn(
    'WebGPU is not tested: run `node scripts/software-vulkan.mjs` for its software driver (Debian).',
  );
}

/** What a process must have in its environment to find the software driver and no other. */
export const softwareVulkan = {
  // The loader of Vulkan itself lies there too.
  LD_LIBRARY_PATH: folder ?? '',
  VK_ICD_FILENAMES: path.join(folder ?? '', 'vk_swiftshader_icd.json'),
};

/** The same for no driver at all. */
export const noVulkan = { VK_ICD_FILENAMES: '/nowhere' };
