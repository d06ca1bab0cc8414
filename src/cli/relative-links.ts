import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linksOf } from '../core/document/index.js';
import { relativeFilePath } from '../core/render/links.js';
import { warningLine } from './document.js';
import type { Targets } from './refine-targets.js';

/** Warns of every relative link and picture of the output that leads somewhere only from the input's folder. */
export function warnOfBrokenLinks(
  text: string,
  { output, inputDirectory, outputDirectory }: Pick<Targets, 'output' | 'inputDirectory' | 'outputDirectory'>,
): readonly string[] {
  if (inputDirectory === outputDirectory) return [];
  const isBroken = (destination: string): boolean => {
    const path = relativeFilePath(destination);
    return (
      path !== undefined && existsSync(join(inputDirectory, path)) && !existsSync(join(outputDirectory, path))
    );
  };
  return linksOf(text)
    .filter(({ destination }) => isBroken(destination))
    .map(({ kind, destination, line, column }) => {
      const message = `This ${kind} to ${destination} leads nowhere from here, only from the input's folder; change it, or choose an -o in that folder.`;
      return warningLine(output, { line, column, message });
    });
}
