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
  expect(cacheDirectory(platform, environment, () => '/home/me')).toBe(folder);
});

test.each<[NodeJS.Platform, NodeJS.ProcessEnv, string, string | undefined]>([
  ['linux', {}, '', undefined],
  ['linux', {}, 'relative', undefined],
  ['linux', { XDG_CACHE_HOME: '/scratch' }, '', join('/scratch', 'oneflow')],
  ['darwin', {}, '', undefined],
  ['win32', {}, '', undefined],
  ['win32', { LOCALAPPDATA: '/local' }, '', join('/local', 'oneflow', 'Cache')],
])('on %s with %j and %j for a home they are kept in %s', (platform, environment, home, folder) => {
  expect(cacheDirectory(platform, environment, () => home)).toBe(folder);
});

test('a user without a home folder has no place for them', () => {
  const home = () => {
    throw new Error('A system error occurred: uv_os_homedir returned ENOENT (no such file or directory)');
  };
  expect(cacheDirectory('linux', {}, home)).toBeUndefined();
  expect(cacheDirectory('linux', { XDG_CACHE_HOME: '/scratch' }, home)).toBe(join('/scratch', 'oneflow'));
});
