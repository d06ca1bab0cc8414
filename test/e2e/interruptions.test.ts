import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliErrorSchema, cliRefineSchema } from '../../src/protocol/cli-output.js';
import { childrenOf, eventually, filesIn, isRunning, start, temporaryFolder } from './command-line.js';

/** A run that takes long enough to be disturbed, with its engine process. */
async function startLongRun(...options: string[]) {
  const folder = temporaryFolder();
  copyFileSync(resolve('examples/tomato-soup.md'), join(folder, 'in.md'));
  const running = start(['refine', 'in.md', '--json', '--steps', '1000', '--seed', '7', ...options], folder);
  const engine = await eventually(() => childrenOf(running.pid)[0], 'the engine process');
  return { ...running, folder, engine };
}

const gone = (pid: number) => eventually(() => !isRunning(pid), 'the end of a process');

// The processes are found through /proc.
describe.skipIf(process.platform !== 'linux')('oneflow refine, disturbed', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('on %s writes the estimate of the last pass', async (signal) => {
    const { process: child, ended, says, folder, engine } = await startLongRun();
    await says('pass 1 of');
    child.kill(signal);
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    const report = cliRefineSchema.parse(JSON.parse(stdout));
    expect(report.interrupted).toBe(true);
    expect(report.forwardPasses).toBeLessThan(1000);
    const files = filesIn(folder);
    expect([...files.keys()].sort()).toEqual(
      [
        'in.md',
        'in.refined.md',
        ...report.masks.flatMap((mask) => (mask.kind === 'image' ? [mask.file] : [])),
      ].sort(),
    );
    await gone(engine);
  });

  it('writes nothing when it is stopped before the first pass', async () => {
    const { process: child, ended, folder, engine } = await startLongRun();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(130);
    expect(cliErrorSchema.parse(JSON.parse(stdout)).error.code).toBe('interrupted');
    expect(stderr).toContain('nothing was written');
    expect([...filesIn(folder).keys()]).toEqual(['in.md']);
    await gone(engine);
  });

  it('leaves at once on a second Ctrl-C', async () => {
    const { process: child, ended, says, folder, engine } = await startLongRun();
    await says('pass 1 of');
    child.kill('SIGINT');
    await says('press Ctrl-C again');
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    await gone(engine);
    expect([...filesIn(folder).keys()].filter((name) => name.includes('.tmp'))).toEqual([]);
  });

  it('says in one sentence that the engine was killed, and leaves nothing behind', async () => {
    const { ended, says, folder, engine } = await startLongRun();
    await says('pass 1 of');
    process.kill(engine, 'SIGKILL');
    const { code, stdout, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(
      'oneflow: The engine process ended unexpectedly (signal SIGKILL) during the run; try again.',
    );
    expect(cliErrorSchema.parse(JSON.parse(stdout)).error.code).toBe('engine-died');
    expect([...filesIn(folder).keys()]).toEqual(['in.md']);
  });

  it('takes its engine along when it is killed itself', async () => {
    const { process: child, ended, says, folder, engine } = await startLongRun();
    await says('pass 1 of');
    child.kill('SIGKILL');
    await ended;
    await gone(engine);
    expect([...filesIn(folder).keys()]).toEqual(['in.md']);
  });

  it('does not overwrite a file that appears during the run', async () => {
    const { process: child, ended, says, folder } = await startLongRun();
    await says('pass 1 of');
    writeFileSync(join(folder, 'in.refined.md'), 'mine');
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(2);
    expect(cliErrorSchema.parse(JSON.parse(stdout)).error.code).toBe('output-exists');
    expect([...filesIn(folder).keys()]).toEqual(['in.md', 'in.refined.md']);
    expect(readFileSync(join(folder, 'in.refined.md'), 'utf8')).toBe('mine');
  });

  it('finishes its work when nobody reads its output', async () => {
    const folder = temporaryFolder();
    copyFileSync(resolve('examples/tomato-soup.md'), join(folder, 'in.md'));
    const child = spawn(process.execPath, [resolve('dist/cli.cjs'), 'refine', 'in.md', '--steps', '2'], {
      cwd: folder,
    });
    child.stdout.destroy();
    child.stderr.destroy();
    const code = await new Promise((end) => child.on('close', end));
    expect(code).toBe(0);
    expect([...filesIn(folder).keys()]).toContain('in.refined.md');
  });

  it('says in one sentence that too many files are open to start the engine', async () => {
    const folder = temporaryFolder();
    copyFileSync(resolve('examples/tomato-soup.md'), join(folder, 'in.md'));
    // Leaves four, of which the engine's lines take more.
    writeFileSync(
      join(folder, 'open.cjs'),
      `const { closeSync, openSync } = require('node:fs');
      const open = [];
      try { for (;;) open.push(openSync('/dev/null')); } catch { open.splice(0, 4).forEach((file) => closeSync(file)); }`,
    );
    const limited = ['-c', 'ulimit -n 100; exec "$0" "$@"', process.execPath, '--require', './open.cjs'];
    const child = spawn('sh', [...limited, resolve('dist/cli.cjs'), 'refine', 'in.md'], { cwd: folder });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    expect(await new Promise((end) => child.on('close', end))).toBe(1);
    expect(stderr).toMatch(
      /^oneflow: The engine process ended unexpectedly \(it could not be started: spawn \S+ EMFILE\) while the model was loading; try again\.\n$/,
    );
  });

  it('stays below 600 MB, engine included', async () => {
    const { process: child, ended, pid, engine } = await startLongRun('--steps', '12');
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, residentMegabytes(pid) + residentMegabytes(engine));
    }, 20);
    const { code } = await ended;
    clearInterval(watch);
    expect(child.exitCode).toBe(code);
    expect(most).toBeGreaterThan(50);
    expect(most).toBeLessThan(600);
  });
});

/** The process's share of memory (PSS): pages that several processes use count in parts. */
function residentMegabytes(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
