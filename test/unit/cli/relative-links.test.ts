import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { warnOfBrokenLinks } from '../../../src/cli/relative-links.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oneflow-links-'));
  mkdirSync(join(folder, 'out'));
  for (const name of ['other.md', 'my soup.png', 'both.md', 'out/both.md'])
    writeFileSync(join(folder, name), '');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const source = `[a](other.md) [b](other.md#part) [c](both.md) [d](https://x.example/other.md) [e](#top) [f](missing.md)
![g](my%20soup.png) ![h](mask:)
`;

it('counts the relative links and pictures that only lead somewhere from the input', () => {
  expect(warnOfBrokenLinks(source, folder, join(folder, 'out'))).toEqual([
    "2 relative links of the document lead nowhere from the output's folder.",
    "1 relative picture of the document leads nowhere from the output's folder.",
  ]);
});

it('has nothing to say when the output lies beside the input', () => {
  expect(warnOfBrokenLinks(source, folder, folder)).toEqual([]);
});
