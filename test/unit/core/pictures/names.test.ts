import { describe, expect, it } from 'vitest';
import { encodeDestination, pictureSlug, relativePath } from '../../../../src/core/pictures/names.js';

describe('pictureSlug', () => {
  it.each([
    ['A red  tomato!', 'a-red-tomato'],
    ['crème brûlée', 'creme-brulee'],
    ['', 'picture'],
    ['番茄 🍅', 'picture'],
    ['../../.bashrc', 'bashrc'],
    ['CON', 'picture-con'],
    ['com1', 'picture-com1'],
    ['soup.', 'soup'],
    ['a\0b\u202Ec', 'a-b-c'],
  ])('names %j %j', (alt, slug) => {
    expect(pictureSlug(alt)).toBe(slug);
  });

  it('keeps a name short and does not end it in a hyphen', () => {
    const slug = pictureSlug(`${'word '.repeat(12)}word`);
    expect(slug.length).toBeLessThanOrEqual(60);
    expect(slug).toMatch(/^(word-)+word$/);
  });
});

it.each([
  ['/a/b', '/a/b/images/soup.png', 'images/soup.png'],
  ['/a/b', '/a/b/soup.png', 'soup.png'],
  ['/a/b/c', '/a/images/soup.png', '../../images/soup.png'],
  ['/a/soup.png', '/a/soup.png', '../soup.png'],
  ['/', '/soup.png', 'soup.png'],
])('relativePath: from %s to %s', (from, to, expected) => {
  expect(relativePath(from, to)).toBe(expected);
});

it('writes a destination that Markdown reads back', () => {
  expect(encodeDestination("../it's (a) soup!/c:d e.png")).toBe(
    '../it%27s%20%28a%29%20soup%21/c%3Ad%20e.png',
  );
});
