import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { relativeFilePath } from '../core/render/links.js';
import { type Highlight, listPictures, renderMarkdown } from '../core/render/markdown.js';
import { renderPage } from '../core/render/page.js';

const largestPicture = 16 * 1024 * 1024;

export interface PreviewSource {
  readonly title: string;
  readonly markdown: string;
  /** The folder that relative destinations start from. */
  readonly directory: string;
  /** Bytes of pictures that are not on disk yet, by absolute path. */
  readonly newPictures: ReadonlyMap<string, Uint8Array>;
  readonly highlights: readonly Highlight[];
}

/** Renders a document as a page of its own, pictures embedded. A picture that cannot be read is shown by its alt text. */
export function previewPage({ title, markdown, directory, newPictures, highlights }: PreviewSource): string {
  const pictures = new Map<string, string>();
  for (const destination of listPictures(markdown)) {
    const path = relativeFilePath(destination);
    if (path === undefined || pictures.has(destination)) continue;
    const file = join(directory, path);
    const uri = dataUri(newPictures.get(file) ?? readPicture(file));
    if (uri !== undefined) pictures.set(destination, uri);
  }
  return renderPage(title, renderMarkdown(markdown, { pictures, highlights }));
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
