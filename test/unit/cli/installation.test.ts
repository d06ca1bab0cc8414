import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cacheDirectory } from '../../../src/cli/installation.js';

test.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
  ['linux', {}, join('/home/me', '.cache', 'oneflow')],
  ['linux', { XDG_CACHE_HOME: '/scratch' }, join('/scratch', 'oneflow')],
  ['linux', { XDG_CACHE_HOME: 'relative' }, join('/home/me', '.cache', 'oneflow')],
  ['darwin', { XDG_CACHE_HOME: '/scratch' }, join('/home/me', 'Library', 'Caches', 'oneflow')],
  ['win32', { LOCALAPPDATA: '/local' }, join('/local', 'oneflow', 'Cache')],
  ['win32', {}, join('/home/me', 'AppData', 'Local', 'oneflow', 'Cache')],
])('on %s with %j measurements are kept in %s', (platform, environment, folder) => {
  expect(cacheDirectory(platform, environment, '/home/me')).toBe(folder);
});
