import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { cliRefineSchema, type CliRefine } from '../../src/protocol/cli-output.js';
import { examples, filesIn, run, temporaryFolder } from './command-line.js';

/** A copy of an example in a folder of its own. */
function placeExample(name: string): string {
  const folder = temporaryFolder();
  copyFileSync(resolve('examples', `${name}.md`), join(folder, 'in.md'));
  return folder;
}

async function refine(folder: string, ...options: string[]): Promise<CliRefine> {
  const { code, stdout, stderr } = await run(
    ['refine', 'in.md', '--json', '--seed', '7', ...options],
    folder,
  );
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  return cliRefineSchema.parse(JSON.parse(stdout));
}

/** What a mark covers, found without the parser: own-line spans with their lines, inline spans, slots' destinations. */
const marks =
  /<!--mask[^>]*-->\n(?:.*\n)*?(?:> )?<!--\/mask-->\n?|<!--mask[^>\n]*\/-->|<!--mask[^>\n]*-->.*?<!--\/mask-->|(?<=\]\()mask:[^)\s]*/g;

/** What stands in `refined` in place of each mark of `source`; null when anything else has changed. */
function replacements(source: string, refined: string): readonly string[] | null {
  const outside = source.split(marks).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${outside.join('([^]*?)')}$`).exec(refined)?.slice(1) ?? null;
}

describe.each(examples)('oneflow refine on examples/%s.md', (name) => {
  it('fills every mask, changes nothing else, and says what it did', async () => {
    const folder = placeExample(name);
    const source = readFileSync(join(folder, 'in.md'), 'utf8');
    const report = await refine(folder);
    const refined = readFileSync(join(folder, 'in.refined.md'), 'utf8');

    const written = replacements(source, refined);
    expect(written).not.toBeNull();
    expect(written!.filter((text) => text.trim() === '')).toEqual([]);
    expect(refined).not.toMatch(/<!--\/?mask|\]\(mask:/);
    expect(report.masks).toHaveLength(written!.length);
    report.masks.forEach((mask, index) => {
      expect(written![index]!.trimEnd()).toBe(mask.kind === 'text' ? mask.after : mask.file);
    });
    expect(report).toMatchObject({
      input: 'in.md',
      output: 'in.refined.md',
      interrupted: false,
      seed: 7,
      device: 'cpu',
    });
    expect(report.forwardPasses).toBeGreaterThan(1);
    expect(report.forwardPasses).toBeLessThanOrEqual(30);

    const pictures = report.masks.filter((mask) => mask.kind === 'image');
    expect(filesIn(folder).size).toBe(2 + pictures.length);
    for (const { file } of pictures) {
      const { info } = await sharp(join(folder, file)).raw().toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 256, height: 256 });
      expect(readFileSync(join(folder, file)).includes('iTXtoneflow\0')).toBe(true);
    }
  });
});

describe('oneflow refine', () => {
  it('gives the same bytes for the same seed, and others for another', async () => {
    const runs = await Promise.all(
      ['7', '7', '8'].map(async (seed) => {
        const folder = placeExample('tomato-soup');
        await refine(folder, '--seed', seed, '--html', 'page.html');
        return filesIn(folder);
      }),
    );
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).not.toEqual(runs[0]);
  });

  it('says the seed that it chose, and takes it again', async () => {
    const folder = placeExample('the-little-boat');
    const first = await run(['refine', 'in.md', '--only', 'text', '--json'], folder);
    const { seed } = cliRefineSchema.parse(JSON.parse(first.stdout));
    expect(first.stderr).toContain(`seed ${seed}`);
    await run(['refine', 'in.md', '--only', 'text', '-o', 'again.md', '--seed', String(seed)], folder);
    const files = filesIn(folder);
    expect(files.get('again.md')).toEqual(files.get('in.refined.md'));
  });

  it.each(['text', 'images'] as const)('with --only %s leaves the other marks as they are', async (only) => {
    const folder = placeExample('pot-a-plant');
    const source = readFileSync(join(folder, 'in.md'), 'utf8');
    const report = await refine(folder, '--only', only);
    const written = replacements(source, readFileSync(join(folder, 'in.refined.md'), 'utf8'))!;
    const before = source.match(marks)!;
    before.forEach((mark, index) => {
      const isText = mark.startsWith('<');
      if (isText !== (only === 'text')) expect(written[index]).toBe(mark);
      else expect(written[index]).not.toBe(mark);
    });
    expect(new Set(report.masks.map(({ kind }) => kind))).toEqual(
      new Set([only === 'text' ? 'text' : 'image']),
    );
  });

  it('keeps more of a text, the less strength it is given', async () => {
    const folder = temporaryFolder();
    const sentence = 'the soup is hot and the bread is fresh and the table is set for four people';
    writeFileSync(join(folder, 'in.md'), `# Supper\n\nToday <!--mask-->${sentence}<!--/mask-->.\n`);
    const kept = async (strength: string): Promise<number> => {
      const { masks } = await refine(folder, '--strength', strength, '--force');
      const words = new Set(masks[0]!.kind === 'text' ? masks[0]!.after.split(/\W+/) : []);
      return sentence.split(' ').filter((word) => words.has(word)).length;
    };
    expect(await kept('0.05')).toBeGreaterThan(await kept('1'));
  });

  it('keeps BOM, line ends and a missing final newline outside the marks', async () => {
    const folder = temporaryFolder();
    const source = '\uFEFF# Soup\r\n\r\nSalt <!--mask-->it<!--/mask--> and\tserve.\r\n\nEnd';
    writeFileSync(join(folder, 'in.md'), source);
    const { masks } = await refine(folder);
    const [mask] = masks;
    expect(readFileSync(join(folder, 'in.refined.md'), 'utf8')).toBe(
      `\uFEFF# Soup\r\n\r\nSalt ${mask!.kind === 'text' ? mask!.after : ''} and\tserve.\r\n\nEnd`,
    );
  });

  it('takes the number of steps, the size and the place of pictures from the author', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'docs'));
    writeFileSync(
      join(folder, 'in.md'),
      '# Soup\n\n![A bowl of soup!](mask:?size=128&style=noto)\n\n![a bowl of soup](mask:)\n',
    );
    const report = await refine(folder, '--steps', '4', '-o', 'docs/out.md', '--images-dir', 'my pictures');
    expect(report.steps).toBe(4);
    expect(report.masks).toMatchObject([
      { kind: 'image', file: '../my pictures/a-bowl-of-soup.png', width: 128, height: 128 },
      { kind: 'image', file: '../my pictures/a-bowl-of-soup-2.png', width: 256, height: 256 },
    ]);
    expect(readFileSync(join(folder, 'docs/out.md'), 'utf8')).toContain(
      '![A bowl of soup!](../my%20pictures/a-bowl-of-soup.png)',
    );
    expect(await sharp(join(folder, 'my pictures/a-bowl-of-soup.png')).metadata()).toMatchObject({
      width: 128,
    });
  });

  it('redraws a picture from what it is, next to one that is only looked at', async () => {
    const folder = temporaryFolder();
    const picture = await sharp({ create: { width: 90, height: 60, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    writeFileSync(join(folder, 'red.png'), picture);
    writeFileSync(
      join(folder, 'in.md'),
      '# Red\n\n![a red square](red.png)\n\n<!--mask-->\n![a red square](red.png "t")\n<!--/mask-->\n',
    );
    const report = await refine(folder);
    expect(readFileSync(join(folder, 'in.refined.md'), 'utf8')).toBe(
      '# Red\n\n![a red square](red.png)\n\n![a red square](images/a-red-square.png "t")\n',
    );
    expect(report.masks).toMatchObject([
      { kind: 'image', before: 'red.png', file: 'images/a-red-square.png' },
    ]);
    expect(readFileSync(join(folder, 'red.png'))).toEqual(picture);
  });

  it('writes nothing to stdout but the path, and nothing at all to stderr with --quiet', async () => {
    const folder = placeExample('tomato-soup');
    expect(await run(['refine', 'in.md', '--steps', '2', '--quiet', '-o', 'new/out.md'], folder)).toEqual({
      code: 0,
      stdout: 'new/out.md\n',
      stderr: '',
    });
  });

  it('tells its progress in a few plain lines where there is no terminal', async () => {
    const { stderr } = await run(['refine', 'in.md', '--seed', '7'], placeExample('tomato-soup'));
    const lines = stderr.trimEnd().split('\n');
    expect(lines.filter((line) => line.startsWith('pass '))).not.toEqual([]);
    expect(lines.length).toBeLessThan(12);
    expect(stderr).not.toContain('\u001b');
  });

  it('warns of relative links that the output breaks, not of a picture that was drawn anew', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'other.md'), '');
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } });
    await picture.png().toFile(join(folder, 'red.png'));
    writeFileSync(
      join(folder, 'in.md'),
      '# Soup\n\n<!--mask-->\n![a red pot](red.png)\n<!--/mask-->\n\nSee [this](other.md).\n',
    );
    const { warnings } = await refine(folder, '--steps', '2', '-o', 'out/in.md');
    expect(warnings).toEqual([
      expect.stringMatching(/^out\/in\.md:5:5: This link to other\.md leads nowhere/),
    ]);
  });

  it('warns of masks that came out without words', async () => {
    const folder = temporaryFolder();
    const line = 'Rest <!--mask max=1-->for a while<!--/mask-->.\n\n';
    writeFileSync(join(folder, 'in.md'), line.repeat(30));
    const model = resolve('test/fixtures/engine/tiny-model');
    const { masks, warnings } = await refine(folder, '--steps', '2', '--model', model);
    const empty = masks.filter((mask) => mask.kind === 'text' && mask.after.trim() === '');
    expect(empty.length).toBeGreaterThan(0);
    expect(warnings).toEqual(
      empty.map(
        (mask) => expect.stringMatching(`^in\\.md:${mask.line}:6: The model left no words here`) as string,
      ),
    );
  });

  it('makes a page that shows the refined document and loads nothing', async () => {
    const folder = placeExample('tomato-soup');
    const { masks } = await refine(folder, '--html', 'page/soup.html');
    const page = readFileSync(join(folder, 'page/soup.html'), 'utf8');
    expect(page.match(/<img src="data:image\/png;base64,/g)).toHaveLength(3);
    expect(page.replaceAll(/src="data:[^"]*"/g, '')).not.toMatch(/src=|<script|<link|url\(/);
    expect(page).toContain('<h1>Tomato soup</h1>');
    const inline = masks.filter((mask) => mask.kind === 'text' && mask.line < 22);
    expect(page.match(/<mark class="oneflow">/g)).toHaveLength(inline.length);
    // What kind of block the model writes is its own choice.
    expect(page).toMatch(/<(p|h[1-6]|ul|ol|blockquote|pre) class="oneflow"/);
  });

  it('shows neither comments nor front matter on the page, and keeps them in the document', async () => {
    const folder = temporaryFolder();
    const head = '+++\ntitle = "<!--mask-->"\n+++\n\n<!--\n# A secret\n\n- to be done\n-->\n\nServe it ';
    writeFileSync(join(folder, 'in.md'), `${head}<!--mask-->hot<!--/mask-->.\n`);
    await refine(folder, '--steps', '2', '--html', 'page.html');
    expect(readFileSync(join(folder, 'in.refined.md'), 'utf8').startsWith(head)).toBe(true);
    const page = readFileSync(join(folder, 'page.html'), 'utf8');
    expect(page).toContain('<p>Serve it');
    expect(page).not.toMatch(/secret|to be done|\+\+\+|--(>|&gt;)/);
  });

  it('gives no picture the name of the page', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'in.md'), '![soup](mask:)\n');
    const report = await refine(folder, '--steps', '1', '--images-dir', '.', '--html', 'soup.png');
    expect(report.masks).toMatchObject([{ file: 'soup-2.png' }]);
    expect(readFileSync(join(folder, 'soup.png'), 'utf8')).toContain('<!doctype html>');
  });

  it('with --force replaces its own output and pictures, and no other file', async () => {
    const folder = placeExample('tomato-soup');
    mkdirSync(join(folder, 'images'));
    writeFileSync(join(folder, 'images/an-onion.png'), 'mine');
    await refine(folder, '--steps', '2');
    const first = filesIn(folder);
    expect(first.get('images/an-onion.png')?.toString()).toBe('mine');
    expect([...first.keys()]).toContain('images/an-onion-2.png');
    await refine(folder, '--steps', '2', '--force');
    expect(filesIn(folder)).toEqual(first);
    await refine(folder, '--steps', '2', '--force', '-o', 'other.md');
    expect([...filesIn(folder).keys()]).toContain('images/an-onion-3.png');
    expect(filesIn(folder).get('images/an-onion-2.png')).toEqual(first.get('images/an-onion-2.png'));
  });

  it('with --force and -o elsewhere leaves alone a picture that the input has come to show', async () => {
    const folder = temporaryFolder();
    const slot = '![soup](mask:)\n';
    writeFileSync(join(folder, 'in.md'), slot);
    const options = ['--steps', '1', '--images-dir', 'images', '-o', 'out/soup.md', '--force'];
    await refine(folder, ...options);
    const drawn = filesIn(folder).get('images/soup.png');
    writeFileSync(join(folder, 'in.md'), `${slot}\n![soup](images/soup.png)\n`);
    const report = await refine(folder, ...options, '--seed', '8');
    expect(report.masks).toMatchObject([{ file: '../images/soup-2.png' }]);
    expect(filesIn(folder).get('images/soup.png')).toEqual(drawn);
  });
});

it('fills the same masks one after the other in many more passes with --mode sequential', async () => {
  const folder = placeExample('tomato-soup');
  const source = readFileSync(join(folder, 'in.md'), 'utf8');
  const report = await refine(folder, '--mode', 'sequential', '--steps', '12');
  const written = replacements(source, readFileSync(join(folder, 'in.refined.md'), 'utf8'));
  expect(written!.filter((text) => text.trim() === '')).toEqual([]);
  // Three pictures in twelve passes each, and at least one pass for each of the texts.
  expect(report.forwardPasses).toBeGreaterThan(3 * 12 + 3);
});
