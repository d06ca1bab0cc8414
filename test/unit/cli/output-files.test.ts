import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFolder, writeAll, writePlan } from '../../../src/cli/output-files.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oneflow-write-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (files: Parameters<typeof writeAll>[0]): void => {
  writeAll(files, join(folder, 'in.md'));
};

describe('writeAll', () => {
  it('writes every file with the folders it needs, and leaves nothing else', () => {
    write([
      { path: join(folder, 'a/b/soup.png'), bytes: bytes('picture'), replace: false },
      { path: join(folder, 'soup.md'), bytes: bytes('text'), replace: true },
    ]);
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(['a', 'a/b', 'a/b/soup.png', 'soup.md']);
    expect(readFileSync(join(folder, 'a/b/soup.png'), 'utf8')).toBe('picture');
  });

  it('replaces a file when told to, and a link itself rather than what it leads to', () => {
    writeFileSync(join(folder, 'target'), 'kept');
    symlinkSync('target', join(folder, 'soup.md'));
    write([{ path: join(folder, 'soup.md'), bytes: bytes('new'), replace: true }]);
    expect(readFileSync(join(folder, 'soup.md'), 'utf8')).toBe('new');
    expect(readFileSync(join(folder, 'target'), 'utf8')).toBe('kept');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('replaces no file that has become the input', () => {
    writeFileSync(join(folder, 'in.md'), 'mine');
    linkSync(join(folder, 'in.md'), join(folder, 'out.md'));
    expect(() => {
      write([
        { path: join(folder, 'new.png'), bytes: bytes('picture'), replace: false },
        { path: join(folder, 'out.md'), bytes: bytes('new'), replace: true },
      ]);
    }).toThrow(/out\.md became the input during the run; .* nothing was written/);
    expect(readFileSync(join(folder, 'in.md'), 'utf8')).toBe('mine');
    expect(readdirSync(folder).sort()).toEqual(['in.md', 'out.md']);
  });

  it('leaves everything as it was when a file appeared meanwhile', () => {
    writeFileSync(join(folder, 'old.png'), 'old');
    writeFileSync(join(folder, 'soup.md'), 'appeared');
    expect(() => {
      write([
        { path: join(folder, 'new/soup.png'), bytes: bytes('picture'), replace: false },
        { path: join(folder, 'old.png'), bytes: bytes('newer'), replace: true },
        { path: join(folder, 'soup.md'), bytes: bytes('text'), replace: false },
      ]);
    }).toThrow(/soup\.md appeared during the run/);
    expect(readdirSync(folder).sort()).toEqual(['old.png', 'soup.md']);
    expect(readFileSync(join(folder, 'old.png'), 'utf8')).toBe('old');
    expect(readFileSync(join(folder, 'soup.md'), 'utf8')).toBe('appeared');
  });

  it('takes back what it wrote when a later file cannot be written, folders included', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => {
      write([
        { path: join(folder, 'new/deep/soup.png'), bytes: bytes('picture'), replace: false },
        { path: join(folder, 'file/soup.md'), bytes: bytes('text'), replace: false },
      ]);
    }).toThrow(/soup\.md cannot be written: .*Nothing was written\./);
    expect(readdirSync(folder)).toEqual(['file']);
  });
});

describe('writePlan', () => {
  const planIn = (taken: ReadonlySet<string>) => {
    const names = ['soup.png', 'soup-2.png', 'soup-3.png'].map((name) => join(folder, name));
    const picture = names.find((name) => !taken.has(name) && !existsSync(name))!;
    return {
      picture,
      files: [
        { path: picture, bytes: bytes('picture'), replace: false, renamable: true as const },
        { path: join(folder, 'soup.md'), bytes: bytes(picture), replace: false },
      ],
    };
  };

  it('plans anew when another run takes the name of a picture between the plan and its file', () => {
    const { picture } = writePlan(
      (taken) => {
        const planned = planIn(taken);
        if (taken.size < 2) writeFileSync(planned.picture, 'of another run');
        return planned;
      },
      join(folder, 'in.md'),
    );
    expect(picture).toBe(join(folder, 'soup-3.png'));
    expect(readdirSync(folder).sort()).toEqual(['soup-2.png', 'soup-3.png', 'soup.md', 'soup.png']);
    expect(readFileSync(join(folder, 'soup.md'), 'utf8')).toBe(picture);
    expect(readFileSync(join(folder, 'soup.png'), 'utf8')).toBe('of another run');
  });

  it('does not write beside the name that the author chose', () => {
    expect(() =>
      writePlan(
        (taken) => {
          writeFileSync(join(folder, 'soup.md'), 'appeared');
          return planIn(taken);
        },
        join(folder, 'in.md'),
      ),
    ).toThrow(/soup\.md appeared during the run/);
    expect(readdirSync(folder)).toEqual(['soup.md']);
  });
});

describe('checkFolder', () => {
  it('takes a folder that can still be made, and makes nothing', () => {
    checkFolder(join(folder, 'not/yet'));
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a path through a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => {
      checkFolder(join(folder, 'file/images'));
    }).toThrow(/file.* not a folder/);
  });

  it('refuses a link that leads nowhere, also as a part of the path', () => {
    symlinkSync('nowhere', join(folder, 'link'));
    for (const path of ['link', 'link/images']) {
      expect(() => {
        checkFolder(join(folder, path));
      }).toThrow(/link is a link that leads nowhere/);
    }
  });

  it('refuses a name that the system does not take', () => {
    expect(() => {
      checkFolder(join(folder, 'a'.repeat(300)));
    }).toThrow(/a+ cannot be written to: the name is too long/);
  });

  it.skipIf(process.platform !== 'linux')('refuses a folder in which not even root may write', () => {
    expect(() => {
      checkFolder('/sys');
    }).toThrow('/sys cannot be written to: ');
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'refuses a folder that is read-only',
    () => {
      const locked = join(folder, 'locked');
      mkdirSync(locked);
      chmodSync(locked, 0o555);
      expect(() => {
        checkFolder(locked);
      }).toThrow(/locked cannot be written to: permission is denied/);
      expect(existsSync(locked)).toBe(true);
    },
  );
});
