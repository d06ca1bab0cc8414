import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { withTextChunk } from '../../../src/engine-host/png-text.js';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

/** Reads a PNG's chunks and checks length, order and CRC of each, independently of what wrote them. */
function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const chunks: Chunk[] = [];
  let offset = 8;
  while (offset < bytes.length) {
    const length = bytes.readUInt32BE(offset);
    const body = bytes.subarray(offset + 4, offset + 8 + length);
    expect(bytes.readUInt32BE(offset + 8 + length)).toBe(crc32(body));
    chunks.push({ type: body.toString('latin1', 0, 4), data: body.subarray(4) });
    offset += 12 + length;
  }
  return chunks;
}

const picture = (): Promise<Buffer> =>
  sharp({ create: { width: 5, height: 4, channels: 3, background: '#c83214' } })
    .png()
    .toBuffer();

test('puts the text after the header, in a chunk that any reader accepts', async () => {
  const plain = await picture();
  const png = withTextChunk(plain, 'oneflow', '{"prompt":"a bowl of soup – 汤"}');
  const chunks = chunksOf(png);
  expect(chunks.map(({ type }) => type).slice(0, 2)).toEqual(['IHDR', 'iTXt']);
  const { data } = chunks[1]!;
  expect(data.toString('latin1', 0, 12)).toBe('oneflow\0\0\0\0\0');
  expect(data.toString('utf8', 12)).toBe('{"prompt":"a bowl of soup – 汤"}');

  const metadata = await sharp(png).metadata();
  expect(metadata.comments).toEqual([{ keyword: 'oneflow', text: '{"prompt":"a bowl of soup – 汤"}' }]);
});

test('leaves pixels and every other chunk as they are', async () => {
  const plain = await picture();
  const png = withTextChunk(plain, 'oneflow', 'x');
  expect(chunksOf(png).filter(({ type }) => type !== 'iTXt')).toEqual(chunksOf(plain));
  expect(await sharp(png).raw().toBuffer()).toEqual(await sharp(plain).raw().toBuffer());
});
