import path, { type PlatformPath } from 'node:path';

/**
 * A path that an agent gave, if it is an absolute one of this platform; else undefined. Without `..` in it: what it
 * leads to is compared with the folders of the workspace, part by part.
 */
export function absolutePath(given: string, platform: PlatformPath = path): string | undefined {
  return platform.isAbsolute(given) ? platform.normalize(given) : undefined;
}
