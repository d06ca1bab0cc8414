import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listDestinations } from '../core/render/markdown.js';
import { relativeFilePath } from '../core/render/links.js';

/** Warns of relative links and pictures that lead somewhere from `from` and nowhere from `to`: one line per kind. */
export function warnOfBrokenLinks(source: string, from: string, to: string): readonly string[] {
  if (from === to) return [];
  const { links, pictures } = listDestinations(source);
  const broken = (destinations: readonly string[]): number =>
    destinations
      .map(relativeFilePath)
      .filter((path) => path !== undefined && existsSync(join(from, path)) && !existsSync(join(to, path)))
      .length;
  return [...sentence(broken(links), 'link', 'links'), ...sentence(broken(pictures), 'picture', 'pictures')];
}

function sentence(count: number, one: string, many: string): readonly string[] {
  if (count === 0) return [];
  const [subject, verb] = count === 1 ? [one, 'leads'] : [many, 'lead'];
  return [`${count} relative ${subject} of the document ${verb} nowhere from the output's folder.`];
}
