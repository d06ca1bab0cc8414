import { describe, expect, it } from 'vitest';
import { relativeFilePath } from '../../../../src/core/render/links.js';

describe('relativeFilePath', () => {
  it.each([
    ['images/a%20b.png', 'images/a b.png'],
    ['../x.md#part', '../x.md'],
    ['x.png?raw=1', 'x.png'],
    ['a/%E2%9C%93.png', 'a/✓.png'],
  ])('reads %j as the path %j', (destination, path) => {
    expect(relativeFilePath(destination)).toBe(path);
  });

  it.each([
    '',
    '#top',
    '?q',
    '/rooted.png',
    '//host/x',
    '\\\\host\\x',
    'https://x.example/y',
    'C:/x.png',
    'mask:',
    'a%00b',
    'a%zz',
    'a%5Cb',
  ])('finds no file in %j', (destination) => {
    expect(relativeFilePath(destination)).toBeUndefined();
  });
});
