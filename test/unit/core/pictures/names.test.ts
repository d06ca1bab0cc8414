import { describe, expect, it } from 'vitest';
import {
  encodeDestination,
  namesFile,
  pictureSlug,
  relativePath,
} from '../../../../src/core/pictures/names.js';

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

describe('namesFile', () => {
  it.each([
    ['![a](images/soup.png)', true],
    ['![a](./images/soup.png "Soup")', true],
    ['![a](../notes/images/soup.png)', true],
    ['images/soup.png', true],
    ['![a](pea-images/soup.png) ![a](images/soup.png)', true],
    ['![a](pea-images/soup.png)', false],
    ['![a](pea%20images/soup.png)', false],
    ['![a](images/soup-2.png)', false],
    ['![a](soup.png)', false],
    ['', false],
  ])('in %s: %s', (text, expected) => {
    expect(namesFile(text, '/notes', '/notes/images/soup.png')).toBe(expected);
  });

  it('goes by where the document lies', () => {
    expect(namesFile('![a](images/soup.png)', '/notes/sub', '/notes/images/soup.png')).toBe(false);
    expect(namesFile('![a](../images/soup.png)', '/notes/sub', '/notes/images/soup.png')).toBe(true);
  });

  it('finds a path that is encoded', () => {
    expect(namesFile('![a](my%20soup.png)', '/', '/my soup.png')).toBe(true);
    expect(namesFile('![a](<my soup.png>)', '/', '/my soup.png')).toBe(true);
  });
});
