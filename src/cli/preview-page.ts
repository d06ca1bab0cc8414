import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { relativeFilePath } from '../core/render/links.js';
import { type Highlight, listPictures, renderMarkdown } from '../core/render/markdown.js';
import { renderPage } from '../core/render/page.js';

const largestPicture = 16 * 1024 * 1024;
/** Characters of all pictures on a page: no string may have more than half a thousand million. */
const mostPictures = 192 * 1024 * 1024;

export interface PreviewSource {
  readonly title: string;
  readonly markdown: string;
  /** The folder that relative destinations start from. */
  readonly directory: string;
  /** Bytes of pictures that are not on disk yet, by absolute path. */
  readonly newPictures: ReadonlyMap<string, Uint8Array>;
  readonly highlights: readonly Highlight[];
}

/**
 * Renders a document as a page of its own, pictures embedded. A picture that cannot be read, or for which the page has
 * no room, is shown by its alt text; those that are new come first.
 */
export function previewPage({ title, markdown, directory, newPictures, highlights }: PreviewSource): string {
  const uses = countUses(listPictures(markdown));
  const fileOf = (destination: string): string | undefined => {
    const path = relativeFilePath(destination);
    return path && join(directory, path);
  };
  const isNew = (destination: string): boolean => newPictures.has(fileOf(destination) ?? '');
  const newFirst = [...uses.keys()].sort((one, other) => Number(isNew(other)) - Number(isNew(one)));
  const pictures = new Map<string, string>();
  let room = mostPictures;
  for (const destination of newFirst) {
    const file = fileOf(destination);
    if (file === undefined) continue;
    const uri = dataUri(newPictures.get(file) ?? readPicture(file));
    const size = (uri?.length ?? 0) * uses.get(destination)!;
    if (uri === undefined || size > room) continue;
    pictures.set(destination, uri);
    room -= size;
  }
  return renderPage(title, renderMarkdown(markdown, { pictures, highlights }));
}

/** How often each destination is shown: a page repeats the picture every time. */
function countUses(destinations: readonly string[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const destination of destinations) uses.set(destination, (uses.get(destination) ?? 0) + 1);
  return uses;
}

function readPicture(file: string): Uint8Array | undefined {
  try {
    const stats = statSync(file);
    return stats.isFile() && stats.size <= largestPicture ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}

/** By what the bytes are, whatever the file is called. */
function dataUri(bytes: Uint8Array | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  const head = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  const type = head.startsWith('\u0089PNG\r\n\u001a\n')
    ? 'png'
    : head.startsWith('\u00ff\u00d8\u00ff')
      ? 'jpeg'
      : /^RIFF.{4}WEBP/s.test(head)
        ? 'webp'
        : undefined;
  return type && `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
}
