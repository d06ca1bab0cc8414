import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { previewPage } from '../../../src/cli/preview-page.js';

const png = (bytes: number) => {
  const picture = Buffer.alloc(bytes);
  picture.write('\u0089PNG\r\n\u001a\n', 'latin1');
  return picture;
};

it('shows more pictures than one string can hold by their alt texts, the new ones last of all', () => {
  const directory = mkdtempSync(join(tmpdir(), 'oneflow-page-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true });
  });
  writeFileSync(join(directory, 'photo.png'), png(15 * 1024 * 1024));
  writeFileSync(join(directory, 'other.png'), png(100));
  const markdown = `${'![a photo](photo.png)\n\n'.repeat(30)}![another](other.png)\n\n![new](new.png)\n`;
  const newPictures = new Map([[join(directory, 'new.png'), png(200)]]);
  const page = previewPage({ title: 'Photos', markdown, directory, newPictures, highlights: [] });
  expect(page.match(/<img [^>]*alt="(new|another)"/g)).toHaveLength(2);
  expect(page).not.toContain('alt="a photo"');
  expect(page.match(/>a photo</g)).toHaveLength(30);
});
