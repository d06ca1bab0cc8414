import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliFailure } from '../../../src/cli/failure.js';
import { isFile, readSource } from '../../../src/cli/source-file.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oneflow-read-'));
  file = join(folder, 'soup.md');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function failureOf(path: string): CliFailure {
  try {
    readSource(path);
  } catch (error) {
    if (error instanceof CliFailure) return error;
  }
  throw new Error('no failure');
}

describe('readSource', () => {
  it('keeps the byte order mark and every line end', () => {
    writeFileSync(file, '\uFEFFa\r\nb\rc\n');
    expect(readSource(file)).toBe('\uFEFFa\r\nb\rc\n');
  });

  it('says where the text stops being UTF-8', () => {
    writeFileSync(file, Buffer.concat([Buffer.from('one\ntwo 🍅 '), Buffer.from([0xff, 0xfe, 0x41])]));
    expect(failureOf(file).line).toBe(
      `${file}:2:8: This is not UTF-8 text; convert the file to UTF-8 first.`,
    );
  });

  it('says that a file is not there, or that it is a folder', () => {
    expect(failureOf(file).line).toBe(`oneflow: ${file} cannot be read: there is no such file or folder.`);
    expect(failureOf(folder).line).toBe(`oneflow: ${folder} is a folder; name a Markdown file.`);
  });
});

describe('isFile', () => {
  it('finds a file, and none where the system refuses the name', () => {
    writeFileSync(file, '');
    symlinkSync('loop.png', join(folder, 'loop.png'));
    expect(isFile(file)).toBe(true);
    for (const name of ['', 'missing.png', 'soup.md/x.png', 'loop.png', 'a'.repeat(300)]) {
      expect(isFile(join(folder, name))).toBe(false);
    }
  });
});
