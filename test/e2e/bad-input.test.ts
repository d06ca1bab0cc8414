import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliErrorSchema } from '../../src/protocol/cli-output.js';
import { run, temporaryFolder } from './command-line.js';

const marked = 'Salt <!--mask-->it<!--/mask-->.\n';

/** A folder with what the table below talks about. */
function makeFolder(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'soup.md'), marked);
  writeFileSync(join(folder, 'plain.md'), '# No marks\n');
  writeFileSync(join(folder, 'pictures.md'), '![a bowl](mask:)\n');
  writeFileSync(join(folder, 'unclosed.md'), '# Soup\n\nSalt <!--mask-->it.\n');
  writeFileSync(join(folder, 'style.md'), '# Soup\n\n![a bowl](mask:?style=no-such-style)\n');
  writeFileSync(join(folder, 'binary.md'), Buffer.from([0x50, 0x4b, 0x03, 0x04, 0xff, 0xfe, 0x00]));
  writeFileSync(join(folder, 'taken.md'), 'mine');
  symlinkSync('soup.md', join(folder, 'link.md'));
  mkdirSync(join(folder, 'folder.md'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model/model.json'), '{"format":"oneflow-model/9"}');
  return folder;
}

describe('oneflow on bad input', () => {
  // Arguments, exit code, error code, what stderr says.
  it.each<[string, number, string, RegExp]>([
    ['', 2, 'usage', /^oneflow: A command is missing: .* See oneflow --help\.$/],
    ['refine', 2, 'usage', /^oneflow: Name a Markdown file/],
    ['refine soup.md --mode sequential', 2, 'usage', /^oneflow: Unknown option '--mode'/],
    [
      'refine soup.md --device gpu',
      2,
      'usage',
      /^oneflow: --device takes auto, cpu, .* or coreml, not 'gpu'/,
    ],
    ['draw', 2, 'usage', /^oneflow: There is no command 'draw'/],
    ['refine missing.md', 2, 'bad-input', /^oneflow: missing\.md cannot be read: there is no such file/],
    ['inspect missing.md', 2, 'bad-input', /^oneflow: missing\.md cannot be read/],
    ['refine folder.md', 2, 'bad-input', /^oneflow: folder\.md is a folder/],
    ['refine binary.md', 2, 'bad-input', /^binary\.md:1:5: This is not UTF-8 text/],
    ['refine plain.md', 2, 'no-marks', /^oneflow: plain\.md has no marks: put <!--mask-->.*mask:/],
    ['refine pictures.md --only text', 2, 'no-marks', /^oneflow: pictures\.md has no marked text/],
    ['refine soup.md --only images', 2, 'no-marks', /^oneflow: soup\.md has no marked pictures/],
    ['refine unclosed.md', 2, 'mark-unclosed', /^unclosed\.md:3:6: /],
    ['inspect unclosed.md', 2, 'mark-unclosed', /^unclosed\.md:3:6: /],
    ['refine style.md', 2, 'option-not-in-model', /^style\.md:3:1: .*no-such-style.*fluent-flat/],
    ['refine soup.md -o taken.md', 2, 'output-exists', /^oneflow: taken\.md exists; .*--force/],
    ['refine soup.md --html taken.md', 2, 'output-exists', /^oneflow: taken\.md exists/],
    ['refine soup.md -o soup.md --force', 2, 'bad-output', /^oneflow: soup\.md is the input/],
    ['refine soup.md -o link.md --force', 2, 'bad-output', /^oneflow: link\.md is the input/],
    [
      'refine soup.md -o folder.md --force',
      2,
      'bad-output',
      /^oneflow: folder\.md exists and is not a regular file/,
    ],
    ['refine soup.md -o taken.md/out.md', 2, 'bad-output', /^oneflow: .*taken\.md.* folder/],
    ['refine soup.md -o out.md --html out.md', 2, 'bad-output', /^oneflow: -o and --html name the same file/],
    ['refine soup.md --model model', 3, 'bad-model', /^oneflow: .*model\.json.*oneflow-model\/9/],
    ['refine soup.md --model missing', 3, 'bad-model', /^oneflow: .*missing/],
    ['verify model', 3, 'bad-model', /^oneflow: .*oneflow-model\/9/],
    ['verify missing', 3, 'bad-model', /^oneflow: .*missing/],
  ])('%j ends with %i, %s', async (line, exitCode, errorCode, sentence) => {
    const folder = makeFolder();
    const before = readdirSync(folder);
    const args = line === '' ? [] : line.split(' ');
    const { code, stdout, stderr } = await run([...args, '--json'], folder);
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(exitCode);
    const { error } = cliErrorSchema.parse(JSON.parse(stdout));
    expect(error.code).toBe(errorCode);
    expect(stderr).toContain(error.message);
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(join(folder, 'soup.md'), 'utf8')).toBe(marked);
    expect(readFileSync(join(folder, 'taken.md'), 'utf8')).toBe('mine');
  });

  it('prints nothing to stdout when it fails without --json', async () => {
    const { code, stdout } = await run(['refine', 'plain.md'], makeFolder());
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('does not let a file name steer the terminal', async () => {
    const { stderr } = await run(['refine', '\u001b[2Jx\u0007.md'], makeFolder());
    expect(stderr).toContain('?[2Jx?.md cannot be read');
  });
});
