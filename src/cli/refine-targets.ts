/** Where the files of a run go, checked before any work is done. */
import { lstatSync } from 'node:fs';
import { basename, dirname, join, normalize, resolve } from 'node:path';
import type { RefineCommand } from './arguments.js';
import { CliFailure } from './failure.js';
import { checkFolder } from './output-files.js';
import { isSameFile, systemReason } from './source-file.js';

export interface Targets {
  /** The output's path as the author typed it, or made from the input's; `..` taken out, as in the absolute ones. */
  readonly output: string;
  /** Absolute paths. */
  readonly outputPath: string;
  readonly inputDirectory: string;
  readonly outputDirectory: string;
  readonly imagesDirectory: string;
  readonly htmlPath: string | undefined;
}

/** Decides where everything goes. Throws a `CliFailure` for a place that is taken or cannot be written to. */
export function chooseTargets(command: RefineCommand, writesPictures: boolean): Targets {
  const { input, html } = command;
  const output = normalize(
    command.output ?? join(dirname(input), `${basename(input).replace(/\.(md|markdown)$/i, '')}.refined.md`),
  );
  const outputPath = resolve(output);
  const outputDirectory = dirname(outputPath);
  const imagesDirectory = resolve(command.imagesDirectory ?? join(outputDirectory, 'images'));
  const htmlPath = html === undefined ? undefined : resolve(html);

  checkFile('-o', output, outputPath, command);
  checkFolder(outputDirectory);
  if (html !== undefined && htmlPath !== undefined) {
    if (htmlPath === outputPath) throw new CliFailure('bad-output', '-o and --html name the same file.');
    checkFile('--html', html, htmlPath, command);
    checkFolder(dirname(htmlPath));
  }
  if (writesPictures) {
    if (imagesDirectory === outputPath || imagesDirectory === htmlPath) {
      throw new CliFailure('bad-output', '--images-dir names the same path as an output file.');
    }
    checkFolder(imagesDirectory);
  }
  return {
    output,
    outputPath,
    inputDirectory: dirname(resolve(input)),
    outputDirectory,
    imagesDirectory,
    htmlPath,
  };
}

/**
 * Links are no place for a result: what a link leads to was not named, and the link itself may be the system's.
 * @param path where `file` is written: a link before `..` in `file` would lead elsewhere
 */
function checkFile(option: string, file: string, path: string, { input, force }: RefineCommand): void {
  if (/[/\\]$/.test(file)) throw new CliFailure('bad-output', `${file} names a folder; name a file in it.`);
  try {
    const own = lstatSync(path, { throwIfNoEntry: false });
    if (own === undefined) return;
    if (isSameFile(path, input)) {
      throw new CliFailure(
        'bad-output',
        `${file} is the input, which is never overwritten; choose another ${option}.`,
      );
    }
    if (!own.isFile()) {
      throw new CliFailure('bad-output', `${file} exists and is not a regular file; choose another name.`);
    }
  } catch (error) {
    if (error instanceof CliFailure) throw error;
    throw new CliFailure('bad-output', `${file} cannot be written: ${systemReason(error)}.`);
  }
  if (!force) {
    throw new CliFailure('output-exists', `${file} exists; choose another name, or replace it with --force.`);
  }
}
