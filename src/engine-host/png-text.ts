/** Adds a text chunk to a PNG file (PNG specification, third edition, §5.3 and §11.3.3.4). */
import { crc32 } from 'node:zlib';

const signatureLength = 8;
/** Length, type, 13 bytes of data, CRC: IHDR is always the first chunk and always this long. */
const headerChunkLength = 4 + 4 + 13 + 4;

/**
 * Returns `png` with an uncompressed `iTXt` chunk right after its header.
 * @param keyword 1–79 Latin-1 characters
 * @param text any text; it is stored as UTF-8
 */
export function withTextChunk(png: Uint8Array, keyword: string, text: string): Uint8Array<ArrayBuffer> {
  // Keyword, terminator, not compressed, method 0, no language tag, no translated keyword.
  const data = Buffer.concat([
    Buffer.from(keyword, 'latin1'),
    Buffer.from([0, 0, 0, 0, 0]),
    Buffer.from(text, 'utf8'),
  ]);
  const body = Buffer.concat([Buffer.from('iTXt', 'latin1'), data]);
  const chunk = Buffer.alloc(4 + body.length + 4);
  chunk.writeUInt32BE(data.length, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), 4 + body.length);
  const split = signatureLength + headerChunkLength;
  return new Uint8Array(Buffer.concat([png.subarray(0, split), chunk, png.subarray(split)]));
}
