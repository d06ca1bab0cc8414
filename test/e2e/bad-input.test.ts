import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliErrorSchema } from '../../src/protocol/cli-output.js';
import { badGraph, copyOfTinyModel, editManifest, replaceFile } from '../unit/engine-host/tiny-package.js';
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
  writeFileSync(
    join(folder, 'long.md'),
    `# Soup\n\nSalt <!--mask-->${'a pot of soup '.repeat(200)}<!--/mask-->.\n`,
  );
  writeFileSync(join(folder, 'length.md'), '# Soup\n\nSalt <!--mask length=400/-->.\n');
  writeFileSync(join(folder, 'taken.md'), 'mine');
  symlinkSync('soup.md', join(folder, 'link.md'));
  mkdirSync(join(folder, 'folder.md'));
  symlinkSync(tmpdir(), join(folder, 'away'));
  mkdirSync(join(folder, 'model'));
  writeFileSync(join(folder, 'model/model.json'), '{"format":"oneflow-model/9"}');
  return folder;
}

describe('oneflow on bad input', () => {
  // Arguments, exit code, error code, what stderr says.
  it.each<[string, number, string, RegExp]>([
    ['', 2, 'usage', /^oneflow: A command is missing: .* See oneflow --help\.$/],
    ['refine', 2, 'usage', /^oneflow: Name a Markdown file/],
    ['refine soup.md --mode both', 2, 'usage', /^oneflow: --mode takes concurrent or sequential/],
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
    [
      'refine style.md --quiet',
      2,
      'option-not-in-model',
      /^style\.md:3:1: .*no-such-style.*adwaita, .*fluent-flat, .*twemoji\.$/,
    ],
    [
      'refine long.md --quiet',
      2,
      'bad-document',
      /^long\.md:3:6: This text has \d+ tokens, .* at most 383 at once, about \d+ words; mark smaller parts/,
    ],
    ['refine length.md --quiet', 2, 'bad-document', /^length\.md:3:6: This mark asks for 400 tokens, .* 383/],
    ['refine soup.md -o taken.md', 2, 'output-exists', /^oneflow: taken\.md exists; .*--force/],
    ['refine soup.md --html taken.md', 2, 'output-exists', /^oneflow: taken\.md exists/],
    ['refine soup.md -o soup.md --force', 2, 'bad-output', /^oneflow: soup\.md is the input.* another -o\.$/],
    ['refine soup.md --html soup.md', 2, 'bad-output', /^oneflow: soup\.md is the input.* another --html\.$/],
    ['refine soup.md --seed -1', 2, 'usage', /^oneflow: --seed takes a whole number from 0 to 4294967295/],
    ['refine soup.md -o link.md --force', 2, 'bad-output', /^oneflow: link\.md is the input/],
    ['refine soup.md -o missing/../soup.md', 2, 'bad-output', /^oneflow: soup\.md is the input/],
    ['refine soup.md -o missing/../soup.md --force', 2, 'bad-output', /^oneflow: soup\.md is the input/],
    ['refine soup.md -o away/../soup.md --force', 2, 'bad-output', /^oneflow: soup\.md is the input/],
    ['refine soup.md --html missing/../soup.md --force', 2, 'bad-output', /soup\.md is the input/],
    [
      'refine soup.md -o folder.md --force',
      2,
      'bad-output',
      /^oneflow: folder\.md exists and is not a regular file/,
    ],
    ['refine soup.md -o taken.md/out.md', 2, 'bad-output', /^oneflow: .*taken\.md.* folder/],
    ['refine soup.md -o out.md --html out.md', 2, 'bad-output', /^oneflow: -o and --html name the same file/],
    ['refine soup.md --model model --quiet', 3, 'bad-model', /^oneflow: .*model\.json.*oneflow-model\/9/],
    ['refine soup.md --model missing', 3, 'bad-model', /^oneflow: .*missing/],
    ['verify model', 3, 'bad-model', /^oneflow: .*oneflow-model\/9/],
    ['verify missing', 3, 'bad-model', /^oneflow: .*missing/],
  ])('%j ends with %i, %s', async (typed, exitCode, errorCode, sentence) => {
    const folder = makeFolder();
    const before = readdirSync(folder);
    const args = typed === '' ? [] : typed.split(' ');
    const { code, stdout, stderr } = await run([...args, '--json'], folder);
    expect(stderr.trimEnd()).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(exitCode);
    const { error } = cliErrorSchema.parse(JSON.parse(stdout));
    expect(error.code).toBe(errorCode);
    const { line, column, message } = error;
    expect(stderr).toContain(line === undefined ? `: ${message}` : `:${line}:${column}: ${message}`);
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

describe('oneflow with a model package that is not what it should be', () => {
  const withGraph = (name: string) => (model: string) =>
    replaceFile(model, 'encoder.onnx', readFileSync(badGraph(name)));

  it.each<[string, (model: string) => void | Promise<void>, RegExp]>([
    [
      'a file is cut short',
      (model) => {
        truncateSync(join(model, 'denoiser.onnx'), 99);
      },
      /denoiser\.onnx is cut short/,
    ],
    [
      'a file was altered',
      (model) => {
        writeFileSync(join(model, 'tokenizer.json'), ' '.repeat(5576));
      },
      /was altered/,
    ],
    ['a file is a link', linkedFile, /decoder\.onnx is a link/],
    ['a path leaves the folder', pathOutside, /model\.json lists the file "\.\.\/secret"/],
    [
      'a graph is garbage',
      (model) => replaceFile(model, 'encoder.onnx', Buffer.from('GGUF')),
      /as an ONNX graph/,
    ],
    ['a graph keeps weights elsewhere', withGraph('external-in-cwd'), /keeps weights in another file/],
    ['a size is huge', withGraph('huge-dimension'), /encoder\.onnx cannot be loaded/],
    ['an operator is unknown', withGraph('unknown-operator'), /encoder\.onnx cannot be loaded/],
    ['an output is too many', withGraph('extra-output'), /there is an output "secret" too many/],
    ['weights are not finite', brokenWeights, /numbers .* that are not finite/],
    [
      'the tokenizer is another',
      (model) => replaceFile(model, 'tokenizer.json', Buffer.from('{}')),
      /tokenizer\.json/,
    ],
  ])('%s: both commands that load it end with 3, and nothing is written', async (_, spoil, sentence) => {
    const folder = makeFolder();
    const model = await copyOfTinyModel();
    await spoil(model);
    const before = readdirSync(folder);
    for (const args of [
      ['verify', model],
      // A first run says that it tries the devices before it has read the model.
      ['refine', 'soup.md', '--model', model, '--quiet'],
    ]) {
      const { code, stdout, stderr } = await run([...args, '--json'], folder);
      expect(stderr.trimEnd()).toMatch(sentence);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      expect(code).toBe(3);
      expect(cliErrorSchema.parse(JSON.parse(stdout)).error.code).toBe('bad-model');
    }
    expect(readdirSync(folder)).toEqual(before);
  });
});

function linkedFile(model: string): void {
  renameSync(join(model, 'decoder.onnx'), join(model, 'other.onnx'));
  symlinkSync('other.onnx', join(model, 'decoder.onnx'));
}

function pathOutside(model: string): Promise<void> {
  return editManifest(model, ({ files }) => {
    files.push({ path: '../secret', bytes: 1, sha256: '0'.repeat(64) });
  });
}

/** Puts a NaN in the place of a weight that is known by its bytes. */
function brokenWeights(model: string): Promise<void> {
  const bytes = readFileSync(join(model, 'denoiser.onnx'));
  const bias = Buffer.alloc(4);
  bias.writeFloatLE(0.31830987);
  bytes.writeFloatLE(NaN, bytes.indexOf(bias));
  return replaceFile(model, 'denoiser.onnx', bytes);
}
