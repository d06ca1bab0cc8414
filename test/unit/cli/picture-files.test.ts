import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPictureNamer, picturesOf } from '../../../src/cli/picture-files.js';

describe('createPictureNamer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'oneflow-names-'));
    mkdirSync(join(folder, 'images'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });
  /** For a document, and the earlier output that it replaces. */
  const namer = (source = '', earlier = '') =>
    createPictureNamer({
      directory: join(folder, 'images'),
      outputDirectory: folder,
      inUse: picturesOf(source, folder),
      replaceable: picturesOf(earlier, folder),
    });
  const put = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, 'images', name), content);
  };
  /** The beginning of a PNG as the engine writes it: signature, header chunk, provenance chunk. */
  const ownPicture = Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'),
    Buffer.alloc(29),
    Buffer.from('iTXtoneflow\0', 'latin1'),
  ]);

  it('numbers the pictures of one run that share an alt text', () => {
    const place = namer();
    expect(['soup', 'soup', 'Soup'].map((alt) => place(alt).destination)).toEqual([
      'images/soup.png',
      'images/soup-2.png',
      'images/soup-3.png',
    ]);
  });

  it('numbers a name that is taken on disk', () => {
    put('soup.png', 'something');
    expect(namer()('soup')).toMatchObject({ file: 'images/soup-2.png', replace: false });
  });

  it('replaces a picture of its own that the earlier output shows, and no other file', () => {
    put('soup.png', ownPicture);
    put('salad.png', ownPicture);
    put('bread.png', 'something');
    const place = namer('', '![](images/soup.png) ![](images/bread.png)');
    expect(place('soup')).toMatchObject({ file: 'images/soup.png', replace: true });
    expect(place('salad')).toMatchObject({ file: 'images/salad-2.png', replace: false });
    expect(place('bread')).toMatchObject({ file: 'images/bread-2.png', replace: false });
  });

  it('never takes the place of a picture that the document shows', () => {
    put('soup.png', ownPicture);
    const source = '![](images/soup.png) ![](https://x.example/images/bread.png)';
    const place = namer(source, source);
    expect(place('soup').file).toBe('images/soup-2.png');
    expect(place('bread').file).toBe('images/bread.png');
  });

  it('writes a destination that stays one destination, whatever the folder is called', () => {
    const directory = join(folder, '..', 'my (odd) 100% <folder>');
    const place = createPictureNamer({
      directory,
      outputDirectory: folder,
      inUse: new Set(),
      replaceable: new Set(),
    })('soup');
    expect(place.file).toBe('../my (odd) 100% <folder>/soup.png');
    expect(place.destination).toBe('../my%20%28odd%29%20100%25%20%3Cfolder%3E/soup.png');
  });
});
