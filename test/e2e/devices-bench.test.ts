import { copyFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliBenchSchema, cliDevicesSchema, cliRefineSchema } from '../../src/protocol/cli-output.js';
import { examples, run, temporaryFolder } from './command-line.js';

const here = resolve('.');

it('says at the first run, and never again, that it tries the machine and what it missed', async () => {
  const folder = temporaryFolder();
  copyFileSync(resolve('examples/tomato-soup.md'), join(folder, 'in.md'));
  const args = ['refine', 'in.md', '--force', '--steps', '2', '--only', 'text'];
  const trying = 'Trying once what this machine can use; this can take a minute.';
  const [first, second] = [await run(args, folder, folder), await run(args, folder, folder)];
  expect(first.stderr.split('\n').filter((line) => line === trying)).toHaveLength(1);
  expect(second.stderr).not.toMatch(/Trying|GPU/);
  expect([first.code, second.code]).toEqual([0, 0]);
});

describe('oneflow devices', () => {
  it('tells what this machine has, the CPU at least', async () => {
    const { code, stdout } = await run(['devices', '--json'], here);
    expect(code).toBe(0);
    const { platform, model, auto, threads, speeds, gpus } = cliDevicesSchema.parse(JSON.parse(stdout));
    expect(platform).toBe(`${process.platform}-${process.arch}`);
    expect(model.name).toBe('oneflow-mini');
    expect(speeds.map((speed) => speed.threads)).toContain(threads);
    const usable = gpus.filter(({ verdict }) => verdict.usable).map(({ provider }) => provider);
    expect(['cpu', ...usable]).toContain(auto);
  });

  it('shows people a table', async () => {
    const { stdout } = await run(['devices'], here);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/^device +usable +what was found$/);
    expect(lines[1]).toMatch(/^cpu +yes +runs on \d threads? \(a pass with 1: .* ms/);
    expect(lines.at(-1)).toMatch(/^--device auto is \w+\.$/);
  });
});

describe('oneflow refine', () => {
  // DirectML and CoreML never meet on one system, so one of them is always missing.
  const missing = process.platform === 'win32' ? 'coreml' : 'dml';

  it('runs on the CPU with one warning when the device that was asked for cannot be used', async () => {
    const folder = temporaryFolder();
    copyFileSync(resolve('examples/tomato-soup.md'), join(folder, 'in.md'));
    const { code, stdout, stderr } = await run(
      ['refine', 'in.md', '--json', '--steps', '2', '--only', 'text', '--device', missing],
      folder,
    );
    expect(code).toBe(0);
    const warning = `There is no ${missing} on this system (${process.platform}); the CPU is used.`;
    expect(cliRefineSchema.parse(JSON.parse(stdout))).toMatchObject({
      device: 'cpu',
      // What else is warned of depends on what the model wrote, and that on the number of threads.
      warnings: expect.arrayContaining([warning]) as string[],
    });
    expect(stderr.split('\n').filter((line) => line.includes(missing))).toEqual([`warning: ${warning}`]);
  });
});

describe('oneflow bench', () => {
  it('measures the CPU on the three examples', async () => {
    const { code, stdout } = await run(['bench', '--json'], here);
    expect(code).toBe(0);
    const { model, devices } = cliBenchSchema.parse(JSON.parse(stdout));
    expect(model.name).toBe('oneflow-mini');
    const { device, passes, documents, firstFrameSeconds, loadSeconds } = devices[0]!;
    expect(device).toBe('cpu');
    expect(passes.map(({ positions }) => positions)).toEqual([64, 128, 256, 384]);
    expect(documents.map(({ file }) => file)).toEqual(examples.map((name) => `${name}.md`));
    for (const { forwardPasses } of documents) expect(forwardPasses).toBeLessThanOrEqual(30);
    expect(firstFrameSeconds).toBeGreaterThan(loadSeconds);
  });
});
