/** The command line's entry: reads the arguments, runs the command, turns whatever was thrown into an exit code. */
import { version } from '../../package.json';
import { EngineError } from '../engine/index.js';
import type { CliError } from '../protocol/cli-output.js';
import { parseCommand } from './arguments.js';
import { bench } from './bench.js';
import { devices } from './devices.js';
import { CliFailure, exitCodes } from './failure.js';
import { inspect } from './inspect.js';
import { type Output, processOutput } from './output.js';
import { refine } from './refine.js';
import { usage } from './usage.js';
import { verify } from './verify.js';

async function main(args: readonly string[], output: Output): Promise<number> {
  try {
    return await execute(args, output);
  } catch (error) {
    const failure = toFailure(error);
    output.note(failure.line);
    if (failure.code === 'internal' && error instanceof Error) output.note(error.stack ?? '');
    if (args.includes('--json')) output.result(JSON.stringify(errorReport(failure)));
    return failure.exitCode;
  }
}

async function execute(args: readonly string[], output: Output): Promise<number> {
  const command = parseCommand(args);
  switch (command.name) {
    case 'help':
      output.result(usage.trimEnd());
      break;
    case 'version':
      output.result(version);
      break;
    case 'inspect':
      inspect(command, output);
      break;
    case 'verify':
      await verify(command, output);
      break;
    case 'devices':
      await devices(command, output);
      break;
    case 'bench':
      await bench(command, output);
      break;
    case 'refine':
      return refine(command, output);
  }
  return exitCodes.done;
}

function toFailure(error: unknown): CliFailure {
  if (error instanceof CliFailure) return error;
  if (error instanceof EngineError) return new CliFailure(error.code, error.message);
  const message = error instanceof Error ? error.message : String(error);
  return new CliFailure('internal', `This is a fault in OneFlow, please report it: ${message}`);
}

function errorReport({ reportedCode, message, place }: CliFailure): CliError {
  return {
    format: 'oneflow-error/1',
    error: { code: reportedCode, message, ...(place && { line: place.line, column: place.column }) },
  };
}

void main(process.argv.slice(2), processOutput()).then((code) => {
  process.exitCode = code;
});
