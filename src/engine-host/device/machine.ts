/** What a measurement depends on besides the model. When any of it changes, what was measured holds no longer. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { availableParallelism, cpus, release } from 'node:os';
import path from 'node:path';
import { env } from 'onnxruntime-node';
import type { Provider } from '../../protocol/devices.js';

/** Names the runtime, the processor and, for a GPU, its drivers. */
export function describeMachine(
  provider: Provider,
  electron: string | undefined = process.versions['electron'],
): string {
  const cpu = `${cpus()[0]?.model.trim() ?? 'unknown CPU'} x ${availableParallelism()}`;
  // ONNX Runtime may crash in an editor's Node and not in a plain one; among plain ones it makes no difference.
  const within = electron === undefined ? '' : ` in Electron ${electron}`;
  const runtime = `onnxruntime ${env.versions.node ?? env.versions.common}${within}, ${process.platform}-${process.arch}`;
  return provider === 'cpu' ? `${runtime}, ${cpu}` : `${runtime}, ${cpu}, drivers ${driverMark()}`;
}

/**
 * A hash over what changes when a graphics driver does. Node offers no way to ask a driver for its version, so this
 * looks at where drivers are registered; the kernel's version stands for those that come with the system.
 */
export function driverMark(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): string {
  const hash = createHash('sha256').update(release());
  for (const place of driverPlaces(platform, environment)) hash.update(`\n${place} ${stateOf(place)}`);
  return hash.digest('hex').slice(0, 16);
}

function driverPlaces(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): readonly string[] {
  switch (platform) {
    case 'linux': {
      const listed = [environment['VK_DRIVER_FILES'], environment['VK_ICD_FILENAMES']];
      const named = listed.flatMap((list) => list?.split(path.delimiter) ?? []).filter((file) => file !== '');
      const folders = ['/usr/share', '/usr/local/share', '/etc', '/run/opengl-driver/share'];
      return [
        ...named,
        ...folders.map((folder) => `${folder}/vulkan/icd.d`),
        '/proc/driver/nvidia/version',
        `CUDA devices ${environment['CUDA_VISIBLE_DEVICES'] ?? 'all'}`,
      ];
    }
    case 'win32':
      // Every driver that is installed, updated or removed leaves or takes a folder here.
      return [`${environment['SystemRoot'] ?? 'C:\\Windows'}\\System32\\DriverStore\\FileRepository`];
    default:
      return []; // drivers come with the system
  }
}

function stateOf(place: string): string {
  try {
    if (place.startsWith('/proc/')) return readFileSync(place, 'utf8');
    const state = statSync(place);
    const names = state.isDirectory() ? readdirSync(place).sort().join() : '';
    return `${state.mtimeMs} ${state.size} ${names}`;
  } catch {
    return 'none';
  }
}
