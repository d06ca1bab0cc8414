import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { cliInspectSchema, cliVerifySchema } from '../../src/protocol/cli-output.js';
import { run } from './command-line.js';

const here = resolve('.');

describe('oneflow inspect', () => {
  it('lists the marks with their places', async () => {
    const { code, stdout } = await run(['inspect', 'examples/tomato-soup.md', '--json'], here);
    expect(code).toBe(0);
    const { masks, warnings } = cliInspectSchema.parse(JSON.parse(stdout));
    expect(warnings).toEqual([]);
    expect(masks.map(({ id, kind, form, line, column }) => [id, kind, form, line, column])).toEqual([
      ['m1', 'image', 'slot', 3, 1],
      ['m2', 'text', 'inline', 5, 70],
      ['m3', 'text', 'inline', 11, 12],
      ['m4', 'image', 'slot', 14, 1],
      ['m5', 'text', 'inline', 18, 144],
      ['m6', 'text', 'block', 22, 1],
      ['m7', 'image', 'slot', 25, 1],
    ]);
    expect(masks[0]).toMatchObject({ alt: 'a red tomato', options: { style: 'fluent-flat' } });
    expect(masks[2]).toMatchObject({ before: 'salt and pepper', options: {} });
  });

  it('shows people a table', async () => {
    const { stdout } = await run(['inspect', 'examples/pot-a-plant.md'], here);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^id +place +kind +form +options +before$/);
    expect(lines[1]).toMatch(/^m1 +\d+:\d+ +text +inline +max=40 +\(empty\)$/);
    expect(lines[2]).toMatch(/ style=fluent-flat +!\[a potted plant\]\(mask:\)$/);
  });
});

it.skipIf(process.platform !== 'linux')('says in one sentence that its result cannot be printed', () => {
  const full = openSync('/dev/full', 'w');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['dist/cli.cjs', 'inspect', 'examples/tomato-soup.md', '--json'],
    { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' },
  );
  closeSync(full);
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: 'oneflow: The result cannot be printed: the disk is full.\n',
  });
});

describe('oneflow verify', () => {
  it('finds the embedded model sound', async () => {
    const { code, stdout } = await run(['verify', 'models/oneflow-mini', '--json'], here);
    expect(code).toBe(0);
    const { model, graphs, files } = cliVerifySchema.parse(JSON.parse(stdout));
    expect(model.name).toBe('oneflow-mini');
    expect(files.length).toBeGreaterThan(3);
    for (const graph of graphs) expect(graph.maxAbsoluteError).toBeLessThanOrEqual(graph.tolerance);
  });
});

describe('oneflow', () => {
  it('says its version', async () => {
    expect(await run(['--version'], here)).toEqual({
      code: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  it('helps with what there is and nothing else', async () => {
    const { code, stdout } = await run(['--help'], here);
    expect(code).toBe(0);
    for (const option of [
      '-o',
      '--force',
      '--images-dir',
      '--steps',
      '--seed',
      '--strength',
      '--guidance',
      '--only',
      '--mode',
      '--model',
      '--device',
      '--html',
      '--json',
      '--quiet',
      'oneflow devices',
      'oneflow bench',
    ]) {
      expect(stdout).toContain(option);
    }
    expect(stdout).not.toMatch(/--engine|--frames/);
  });
});
