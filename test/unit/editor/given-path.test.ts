import path from 'node:path';
import { expect, test } from 'vitest';
import { absolutePath } from '../../../src/editor/agents/given-path.js';

test.each([
  ['/ws/doc.md', '/ws/doc.md'],
  ['/ws/../etc/doc.md', '/etc/doc.md'],
  ['docs/doc.md', undefined],
  ['../doc.md', undefined],
  ['C:\\ws\\doc.md', undefined],
])('on Linux and macOS, of %s', (given, expected) => {
  expect(absolutePath(given, path.posix)).toBe(expected);
});

test.each([
  ['C:\\ws\\doc.md', 'C:\\ws\\doc.md'],
  ['c:/ws/doc.md', 'c:\\ws\\doc.md'],
  ['C:\\ws\\..\\other\\doc.md', 'C:\\other\\doc.md'],
  ['\\\\server\\share\\doc.md', '\\\\server\\share\\doc.md'],
  ['docs\\doc.md', undefined],
  ['..\\doc.md', undefined],
  ['C:doc.md', undefined],
])('on Windows, of %s', (given, expected) => {
  expect(absolutePath(given, path.win32)).toBe(expected);
});
