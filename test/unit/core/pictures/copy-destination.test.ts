import { describe, expect, test } from 'vitest';
import { copyDestination, numberedPath } from '../../../../src/core/pictures/copy-destination.js';

const file = {
  document: '/home/me/notes/food/soup.md',
  workspaceFolder: '/home/me/notes',
  fileName: 'a-tomato.png',
  unixTime: 1749199232123,
  isoTime: '2025-06-06T08:40:32.123Z',
};
const place = (rules: Record<string, unknown>, more: Partial<typeof file> = {}) =>
  copyDestination(rules, { ...file, ...more });

describe('which rule counts', () => {
  test.each([
    ['*.md', true],
    ['food/*.md', true],
    ['/food/*', true],
    ['/*.md', false],
    ['**/*.markdown', false],
    ['**/food/**', true],
  ])('%s', (glob, matches) => {
    expect(place({ [glob]: 'pictures/' })).toBe(
      matches ? '/home/me/notes/food/pictures/a-tomato.png' : undefined,
    );
  });

  test('the first that matches, in the order of the setting', () => {
    expect(place({ '/drink/*': 'a/', '*.md': 'b/', '**': 'c/' })).toBe('/home/me/notes/food/b/a-tomato.png');
  });

  test('none that is no path', () => {
    expect(place({ '*.md': 7, '**': 'c/' })).toBe('/home/me/notes/food/c/a-tomato.png');
    expect(place({ '*.md': null })).toBeUndefined();
  });

  test('none that begins at the workspace when there is no workspace', () => {
    const outside = { ...file, document: '/tmp/soup.md', workspaceFolder: undefined };
    expect(copyDestination({ '/*.md': 'a/' }, outside)).toBeUndefined();
    expect(copyDestination({ '*.md': '/pictures/' }, outside)).toBe('/tmp/pictures/a-tomato.png');
  });
});

describe('where it leads', () => {
  test.each([
    ['', '/home/me/notes/food/a-tomato.png'],
    ['pictures/', '/home/me/notes/food/pictures/a-tomato.png'],
    ['pictures/${fileName}', '/home/me/notes/food/pictures/a-tomato.png'],
    ['/pictures/', '/home/me/notes/pictures/a-tomato.png'],
    ['../${documentBaseName}/${documentBaseName}.${fileExtName}', '/home/me/notes/soup/soup.png'],
    ['/img/${documentRelativeDirName}/', '/home/me/notes/img/food/a-tomato.png'],
    ['${documentWorkspaceFolder}/img/', '/home/me/notes/img/a-tomato.png'],
    ['${documentDirName}/img/', '/home/me/notes/food/img/a-tomato.png'],
    ['${documentBaseName/s(.*)/S$1/}/', '/home/me/notes/food/Soup/a-tomato.png'],
    ['${fileName/(/x/}', '/home/me/notes/food/a-tomato.png'],
    ['${unknown}/', '/home/me/notes/food/${unknown}/a-tomato.png'],
    ['../../../../../etc/', '/etc/a-tomato.png'],
    ['${unixTime}.${fileExtName}', '/home/me/notes/food/1749199232123.png'],
    ['${isoTime}-${fileName}', '/home/me/notes/food/2025-06-06T08-40-32.123Z-a-tomato.png'],
    [
      '${isoTime/^(\\d+)-(\\d+)-(\\d+)T(\\d+):(\\d+).+/$1$2$3-$4$5/}.png',
      '/home/me/notes/food/20250606-0840.png',
    ],
    ['${isoTime/^.+T(\\d+:\\d+).+/$1/}.png', '/home/me/notes/food/08-40.png'],
  ])('%s', (destination, expected) => {
    expect(place({ '*.md': destination })).toBe(expected);
  });
});

test.each([
  ['/food/soup.png', '/food/soup-2.png'],
  ['/v1.2/soup', '/v1.2/soup-2'],
  ['/food/.soup', '/food/.soup-2'],
  ['/soup.tar.gz', '/soup.tar-2.gz'],
])('the number of %s is in its name, not in its extension', (path, expected) => {
  expect(numberedPath(path, 2)).toBe(expected);
});
