/** The command line's arguments as a command. Everything wrong with them is a `usage` failure. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { deviceSchema, type Device } from '../protocol/devices.js';
import { modeSchema, type Mode } from '../protocol/engine-messages.js';
import { isWithin, limits, type NumberRange } from '../protocol/limits.js';
import { CliFailure } from './failure.js';

/** What to refine and how; paths are as typed. What is undefined is left to the marks and the model. */
export interface RefineCommand {
  readonly name: 'refine';
  readonly input: string;
  readonly output: string | undefined;
  readonly force: boolean;
  readonly imagesDirectory: string | undefined;
  readonly steps: number | undefined;
  readonly seed: number | undefined;
  readonly strength: number | undefined;
  readonly guidance: number | undefined;
  readonly only: 'text' | 'images' | undefined;
  readonly mode: Mode | undefined;
  readonly modelDirectory: string | undefined;
  readonly device: Device;
  readonly html: string | undefined;
  readonly json: boolean;
  readonly quiet: boolean;
}

export interface InspectCommand {
  readonly name: 'inspect';
  readonly input: string;
  readonly json: boolean;
}

export interface VerifyCommand {
  readonly name: 'verify';
  readonly modelDirectory: string;
  readonly json: boolean;
}

export interface DevicesCommand {
  readonly name: 'devices';
  readonly json: boolean;
}

export interface BenchCommand {
  readonly name: 'bench';
  readonly json: boolean;
}

export type Command =
  | { readonly name: 'help' }
  | { readonly name: 'version' }
  | RefineCommand
  | InspectCommand
  | VerifyCommand
  | DevicesCommand
  | BenchCommand;

type Options = NonNullable<ParseArgsConfig['options']>;

const text = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;
const common = { help: { ...flag, short: 'h' }, json: flag } as const;
const refineOptions = {
  ...common,
  o: { ...text, short: 'o' },
  force: flag,
  'images-dir': text,
  steps: text,
  seed: text,
  strength: text,
  guidance: text,
  only: text,
  mode: text,
  model: text,
  device: text,
  html: text,
  quiet: flag,
} as const;

const missingCommand = 'A command is missing: refine, inspect, verify, devices or bench';

/** Reads the arguments behind the program's name. */
export function parseCommand(args: readonly string[]): Command {
  const [name, ...rest] = args;
  switch (name) {
    case 'refine':
      return parseRefine(rest);
    case 'inspect':
    case 'verify': {
      const { values, positionals } = parse(rest, common);
      if (values.help) return { name: 'help' };
      const target = onlyPositional(positionals, name === 'inspect' ? 'a Markdown file' : 'a model folder');
      return name === 'inspect'
        ? { name, input: target, json: values.json }
        : { name, modelDirectory: target, json: values.json };
    }
    case 'devices':
    case 'bench': {
      const { values, positionals } = parse(rest, common);
      if (values.help) return { name: 'help' };
      if (positionals.length > 0) throw misuse(`${name} takes no file or folder`);
      return { name, json: values.json };
    }
    case undefined:
      throw misuse(missingCommand);
    default: {
      if (!name.startsWith('-')) throw misuse(`There is no command '${name}'`);
      const { values } = parse(args, { ...common, version: flag });
      if (values.help) return { name: 'help' };
      if (values.version) return { name: 'version' };
      throw misuse(missingCommand);
    }
  }
}

function parseRefine(args: readonly string[]): Command {
  const { values, positionals } = parse(withNegativeNumbers(args), refineOptions);
  if (values.help) return { name: 'help' };
  return {
    name: 'refine',
    input: onlyPositional(positionals, 'a Markdown file'),
    output: path('-o', values.o),
    force: values.force,
    imagesDirectory: path('--images-dir', values['images-dir']),
    steps: wholeNumber('--steps', values.steps, limits.steps),
    seed: wholeNumber('--seed', values.seed, limits.seed),
    strength: decimal('--strength', values.strength, limits.strength),
    guidance: decimal('--guidance', values.guidance, limits.guidance),
    only: choice('--only', values.only, ['text', 'images']),
    mode: choice('--mode', values.mode, modeSchema.options),
    modelDirectory: path('--model', values.model),
    device: choice('--device', values.device, deviceSchema.options) ?? 'auto',
    html: path('--html', values.html),
    json: values.json,
    quiet: values.quiet,
  };
}

const numericOptions: readonly string[] = ['--steps', '--seed', '--strength', '--guidance'];

/** `--seed -1` as `--seed=-1`: Node takes the number for an option, and its author should hear what the range is. */
function withNegativeNumbers(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) => {
    const isTaken = (at: number): boolean =>
      numericOptions.includes(args[at] ?? '') && /^-\.?\d/.test(args[at + 1] ?? '');
    if (isTaken(index)) return `${arg}=${args[index + 1]}`;
    return isTaken(index - 1) ? [] : arg;
  });
}

function parse<T extends Options>(args: readonly string[], options: T) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [, valueless] = /^Option '(-\w|--[\w-]+)\b.* argument (?:is ambiguous|missing)/.exec(message) ?? [];
    if (valueless !== undefined) throw misuse(`${valueless} needs a value`);
    // Node's first sentence says what is wrong; the rest is about positional arguments.
    throw misuse(message.split(/\.\s|\n/, 1)[0]!.replace(/[.]$/, ''));
  }
}

function onlyPositional(positionals: readonly string[], what: string): string {
  const [first, second] = positionals;
  if (first === undefined || first === '') throw misuse(`Name ${what}`);
  if (second !== undefined) throw misuse(`Name only one file or folder, not also '${second}'`);
  return first;
}

function path(option: string, value: string | undefined): string | undefined {
  if (value === '') throw misuse(`${option} needs a path`);
  return value;
}

function choice<T extends string>(
  option: string,
  value: string | undefined,
  values: readonly T[],
): T | undefined {
  if (value === undefined) return undefined;
  const found = values.find((candidate) => candidate === value);
  if (found === undefined) {
    const list = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(values);
    throw misuse(`${option} takes ${list}, not '${value}'`);
  }
  return found;
}

function wholeNumber(option: string, value: string | undefined, range: NumberRange): number | undefined {
  return numberIn(option, value, /^\d{1,10}$/, 'a whole number', range);
}

function decimal(option: string, value: string | undefined, range: NumberRange): number | undefined {
  return numberIn(option, value, /^(\d+(\.\d*)?|\.\d+)$/, 'a number', range);
}

function numberIn(
  option: string,
  value: string | undefined,
  shape: RegExp,
  what: string,
  range: NumberRange,
): number | undefined {
  if (value === undefined) return undefined;
  const number = shape.test(value) ? Number(value) : NaN;
  if (isWithin(number, range)) return number;
  throw misuse(`${option} takes ${what} from ${range.minimum} to ${range.maximum}, not '${value}'`);
}

function misuse(problem: string): CliFailure {
  return new CliFailure('usage', `${problem}. See oneflow --help.`);
}
