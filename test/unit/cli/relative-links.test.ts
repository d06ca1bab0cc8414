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

| <!--mask-->x<!--/mask--> ![g](<my soup.png>) |
|---|
| ![h](mask:) [![i](my%20soup.png)](other.md) |

\`[j](other.md)\` [k][r]

[r]: other.md
`;

it('names the relative links and pictures that only lead somewhere from the input', () => {
  const targets = { output: 'out/soup.md', inputDirectory: folder, outputDirectory: join(folder, 'out') };
  const remedy =
    "leads nowhere from here, only from the input's folder; change it, or choose an -o in that folder.";
  expect(warnOfBrokenLinks(source, targets)).toEqual([
    `out/soup.md:1:1: This link to other.md ${remedy}`,
    `out/soup.md:1:15: This link to other.md#part ${remedy}`,
    `out/soup.md:3:28: This picture to my soup.png ${remedy}`,
    `out/soup.md:5:15: This link to other.md ${remedy}`,
    `out/soup.md:5:16: This picture to my%20soup.png ${remedy}`,
    `out/soup.md:7:17: This link to other.md ${remedy}`,
  ]);
});

it('has nothing to say when the output lies beside the input', () => {
  expect(
    warnOfBrokenLinks(source, { output: 'soup.md', inputDirectory: folder, outputDirectory: folder }),
  ).toEqual([]);
});
