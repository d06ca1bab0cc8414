import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { galleryReadme } from '../../../scripts/gallery-readme.mjs';

const root = process.cwd();
const gallery = (markdown: string): string => galleryReadme(markdown, root);

test('puts pictures of the repository into the text', () => {
  const icon = readFileSync('media/icon.png').toString('base64');
  expect(gallery('An ![icon](media/icon.png).')).toBe(`An ![icon](data:image/png;base64,${icon}).`);
});

test('leaves of links into the repository their text', () => {
  expect(gallery('A [![picture](media/icon.png) in a link](README.md)')).toMatch(
    /^A !\[picture\]\(data:\S+\) in a link$/,
  );
  expect(gallery('See [the *licence*](LICENSE).')).toBe('See the *licence*.');
});

test('keeps addresses of the web, anchors and what stands in code', () => {
  for (const text of [
    '[Node](https://nodejs.org) and ![a](https://example.org/a.png)',
    '[below](#limits)',
    '`![soup](soup.png)` and ``[a`](b)``',
    '```\n![soup](soup.png)\n[a](b)\n```\n',
  ]) {
    expect(gallery(text)).toBe(text);
  }
});

test('refuses pictures that the gallery does not take', () => {
  expect(() => gallery('![a](media/icon.svg)')).toThrow(/icon\.svg: the gallery takes \.png/);
});

test('finds every picture of the README', () => {
  const text = gallery(readFileSync('README.md', 'utf8')).replace(/`[^`\n]*`/g, '');
  const addresses = [...text.matchAll(/!\[[^\]]*\]\(([^)]*)\)/g)].map(([, address]) => address!);
  expect(addresses.length).toBeGreaterThan(0);
  expect(addresses.filter((address) => !address.startsWith('data:image/'))).toEqual([]);
});
