import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../../src/cli/arguments.js';
import { CliFailure } from '../../../src/cli/failure.js';

function problemOf(args: readonly string[]): string {
  try {
    parseCommand(args);
  } catch (error) {
    if (error instanceof CliFailure && error.code === 'usage') return error.message;
    throw error;
  }
  throw new Error('no failure');
}

describe('parseCommand', () => {
  it('leaves to the model and the marks what is not said', () => {
    expect(parseCommand(['refine', 'soup.md'])).toEqual({
      name: 'refine',
      input: 'soup.md',
      device: 'auto',
      force: false,
      json: false,
      quiet: false,
    });
  });

  it('reads every option of refine', () => {
    const line =
      'refine a.md -o b.md --force --images-dir pics --steps 12 --seed 4294967295 --strength .5 --guidance 2.5 ' +
      '--only images --mode sequential --model m --device cpu --html b.html --json --quiet';
    expect(parseCommand(line.split(' '))).toEqual({
      name: 'refine',
      input: 'a.md',
      output: 'b.md',
      force: true,
      imagesDirectory: 'pics',
      steps: 12,
      seed: 4294967295,
      strength: 0.5,
      guidance: 2.5,
      only: 'images',
      mode: 'sequential',
      modelDirectory: 'm',
      device: 'cpu',
      html: 'b.html',
      json: true,
      quiet: true,
    });
  });

  it('takes a file that begins with a hyphen after --', () => {
    expect(parseCommand(['inspect', '--', '-a.md'])).toEqual({
      name: 'inspect',
      input: '-a.md',
      json: false,
    });
  });

  it.each(['devices', 'bench'] as const)('reads %s', (name) => {
    expect(parseCommand([name])).toEqual({ name, json: false });
    expect(parseCommand([name, '--json'])).toEqual({ name, json: true });
  });

  it.each([['--help'], ['-h'], ['refine', '--help'], ['verify', '-h']])('understands %s', (...args) => {
    expect(parseCommand(args)).toEqual({ name: 'help' });
  });

  it.each([
    [[], 'A command is missing'],
    [['draw'], "There is no command 'draw'"],
    [['--json'], 'A command is missing'],
    [['refine'], 'Name a Markdown file'],
    [['refine', ''], 'Name a Markdown file'],
    [['refine', 'a.md', 'b.md'], "not also 'b.md'"],
    [['verify'], 'Name a model folder'],
    [['refine', 'a.md', '--mode', 'both'], '--mode takes concurrent or sequential'],
    [['refine', 'a.md', '--engine', 'x'], "Unknown option '--engine'"],
    [['refine', 'a.md', '--frames', 'x'], "Unknown option '--frames'"],
    [['inspect', 'a.md', '--seed', '1'], "Unknown option '--seed'"],
    [['refine', 'a.md', '-o'], /^-o needs a value/],
    [['refine', 'a.md', '-o', '--force'], /^-o needs a value/],
    [['refine', 'a.md', '--steps', '-3'], /^--steps takes a whole number from 1 to 1000, not '-3'/],
    [['refine', 'a.md', '--seed', '-1'], /^--seed takes a whole number from 0 to 4294967295, not '-1'/],
    [['refine', '--strength', '-.5', 'a.md'], /^--strength takes a number from 0 to 1, not '-\.5'/],
    [['refine', 'a.md', '--seed', '--force'], /^--seed needs a value/],
    [['refine', 'a.md', '-o', ''], '-o needs a path'],
    [['refine', 'a.md', '--force=yes'], 'does not take an argument'],
    [['refine', 'a.md', '--steps', '0'], "--steps takes a whole number from 1 to 1000, not '0'"],
    [['refine', 'a.md', '--steps', '2.5'], "not '2.5'"],
    [['refine', 'a.md', '--steps', '1e2'], "not '1e2'"],
    [['refine', 'a.md', '--seed', '4294967296'], '--seed takes a whole number from 0 to 4294967295'],
    [['refine', 'a.md', '--seed=-1'], "not '-1'"],
    [['refine', 'a.md', '--strength', '1.01'], '--strength takes a number from 0 to 1'],
    [['refine', 'a.md', '--strength', 'NaN'], "not 'NaN'"],
    [['refine', 'a.md', '--guidance', '21'], '--guidance takes a number from 0 to 20'],
    [['refine', 'a.md', '--only', 'words'], "--only takes text or images, not 'words'"],
    [
      ['refine', 'a.md', '--device', 'gpu'],
      "--device takes auto, cpu, webgpu, cuda, dml or coreml, not 'gpu'",
    ],
    [['devices', 'a.md'], 'devices takes no file or folder'],
  ])('refuses %j in one sentence that points to the help', (args, problem) => {
    const message = problemOf(args);
    expect(message).toMatch(problem);
    expect(message).toMatch(/^[^\n]*\. See oneflow --help\.$/);
  });
});
