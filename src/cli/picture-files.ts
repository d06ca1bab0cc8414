/** Names and places of the pictures that a run draws. */
import { closeSync, lstatSync, openSync, readSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { encodeDestination, pictureSlug } from '../core/pictures/names.js';
import { relativeFilePath } from '../core/render/links.js';
import { listPictures } from '../core/render/markdown.js';
import type { RefineResult } from '../protocol/engine-messages.js';
import { CliFailure } from './failure.js';

const provenance = Buffer.from('iTXtoneflow\0', 'latin1');

export interface PictureNaming {
  /** Absolute path of the folder for pictures, and of the output's folder. */
  readonly directory: string;
  readonly outputDirectory: string;
  /** Absolute paths that the document shows, or that the run writes something else to: never taken. */
  readonly inUse: ReadonlySet<string>;
  /** Absolute paths of which a picture that OneFlow drew may be replaced. */
  readonly replaceable: ReadonlySet<string>;
}

/** Where one picture goes. */
export interface PicturePlace {
  readonly path: string;
  /** Relative to the output's folder, with `/`, percent-encoded: a Markdown destination. */
  readonly destination: string;
  /** As `destination`, without encoding. */
  readonly file: string;
  readonly replace: boolean;
}

/** A picture of a result with the place it goes to. */
export interface PlacedPicture {
  readonly picture: RefineResult['pictures'][number];
  readonly place: PicturePlace;
}

/** Gives out places, one per call, none twice. A name that is taken gets a number. */
export function createPictureNamer(naming: PictureNaming): (alt: string) => PicturePlace {
  const { directory, outputDirectory, inUse, replaceable } = naming;
  const prefix = relativeFolder(outputDirectory, directory);
  const given = new Set<string>();
  return (alt) => {
    const slug = pictureSlug(alt);
    for (let number = 1; ; number += 1) {
      const name = `${slug}${number === 1 ? '' : `-${number}`}.png`;
      const path = join(directory, name);
      if (given.has(name) || inUse.has(path)) continue;
      const taken = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
      if (taken && !(replaceable.has(path) && isOwnPicture(path))) continue;
      given.add(name);
      const file = `${prefix}${name}`;
      return { path, file, destination: encodeDestination(file), replace: taken };
    }
  };
}

/** The absolute paths of the pictures that a document shows, in whichever of `folders` it lies. */
export function picturesOf(source: string, ...folders: readonly string[]): ReadonlySet<string> {
  const paths = listPictures(source)
    .map(relativeFilePath)
    .filter((path) => path !== undefined);
  return new Set(folders.flatMap((folder) => paths.map((path) => join(folder, path))));
}

function relativeFolder(from: string, to: string): string {
  const path = relative(from, to);
  if (isAbsolute(path)) {
    throw new CliFailure(
      'bad-output',
      'The pictures must be on the same drive as the output; choose another --images-dir.',
    );
  }
  return path === '' ? '' : `${path.split(sep).join('/')}/`;
}

/** True for a PNG whose first chunk after the header is the provenance that OneFlow writes into its pictures. */
function isOwnPicture(path: string): boolean {
  const chunkType = 37; // signature 8, header chunk 25, length of the next chunk 4
  const head = Buffer.alloc(chunkType + provenance.length);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, head);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
  return head.subarray(1, 4).equals(Buffer.from('PNG')) && head.subarray(chunkType).equals(provenance);
}
