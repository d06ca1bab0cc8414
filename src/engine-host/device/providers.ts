import type { GpuProvider } from '../../protocol/devices.js';

/** What there is on a platform besides the CPU, the one to be preferred first. */
const providersOfPlatform: Partial<Record<NodeJS.Platform, readonly GpuProvider[]>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['dml', 'webgpu'],
  darwin: ['coreml', 'webgpu'],
};

export function gpuProviders(platform: NodeJS.Platform = process.platform): readonly GpuProvider[] {
  return providersOfPlatform[platform] ?? [];
}
