import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RefineCommand } from '../../../src/cli/arguments.js';
import { parseCommand } from '../../../src/cli/arguments.js';
import { chooseTargets } from '../../../src/cli/refine-targets.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oneflow-targets-'));
  writeFileSync(join(folder, 'in.md'), 'mine');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** As typed: not joined, which would take `..` out. */
const targets = (output: string, ...options: string[]) =>
  chooseTargets(
    parseCommand(['refine', join(folder, 'in.md'), '-o', `${folder}/${output}`, ...options]) as RefineCommand,
    true,
  );

describe('chooseTargets', () => {
  it('puts pictures beside the output, and makes nothing yet', () => {
    expect(targets('sub/out.md')).toMatchObject({
      outputPath: join(folder, 'sub/out.md'),
      imagesDirectory: join(folder, 'sub/images'),
      htmlPath: undefined,
    });
    expect(readdirSync(folder)).toEqual(['in.md']);
  });

  it('knows the input by any of its names', () => {
    linkSync(join(folder, 'in.md'), join(folder, 'hard.md'));
    symlinkSync('in.md', join(folder, 'soft.md'));
    for (const name of ['in.md', 'hard.md', 'soft.md']) {
      expect(() => targets(name, '--force')).toThrow(/is the input, which is never overwritten/);
    }
  });

  it('knows the input behind a folder that is missing, or a link to another', () => {
    mkdirSync(join(folder, 'elsewhere/deep'), { recursive: true });
    symlinkSync('elsewhere/deep', join(folder, 'link'));
    for (const name of ['missing/../in.md', 'link/../in.md']) {
      for (const options of [[], ['--force']]) {
        expect(() => targets(name, ...options)).toThrow(/in\.md is the input, which is never overwritten/);
        expect(() => targets('out.md', '--html', `${folder}/${name}`, ...options)).toThrow(/is the input/);
      }
    }
  });

  it('names the output by the path that it is written to', () => {
    expect(targets('missing/../out.md')).toMatchObject({
      output: join(folder, 'out.md'),
      outputPath: join(folder, 'out.md'),
    });
  });

  it('writes to no link, wherever it leads', () => {
    writeFileSync(join(folder, 'target.md'), 'kept');
    symlinkSync('target.md', join(folder, 'link.md'));
    symlinkSync('nowhere.md', join(folder, 'dangling.md'));
    for (const name of ['link.md', 'dangling.md']) {
      expect(() => targets(name, '--force')).toThrow(/exists and is not a regular file/);
    }
  });
});
