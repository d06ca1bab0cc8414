import { expect, test } from 'vitest';
import { mapRanges, readSpan } from '../../../src/engine-host/frames.js';
import type { TextTokenizer } from '../../../src/core/text/tokenizer.js';

/** Ids from 10 are bytes of UTF-8; ids below are special. */
const tokenizer: TextTokenizer = {
  encode: (text) => [...Buffer.from(text, 'utf8')].map((byte) => byte + 10),
  decode: (ids) => Buffer.from(ids.map((id) => id - 10)).toString('utf8'),
};
const reading = { tokenizer, firstTextToken: 10, known: new WeakMap() };

test('ranges of what is new are in UTF-16 units', () => {
  const tokens = tokenizer.encode('a 🍅 b');
  // The tomato is four bytes here and two units there.
  const fresh = [false, false, true, true, true, true, false, true];
  expect(readSpan({ tokens, fresh }, 'inline', reading)).toEqual({
    text: 'a 🍅 b',
    fresh: [
      [2, 4],
      [5, 6],
    ],
    tokens: 8,
  });
});

test('a range that starts within a character takes all of it', () => {
  const tokens = tokenizer.encode('aé');
  const { fresh } = readSpan({ tokens, fresh: [false, false, true] }, 'inline', reading);
  expect(fresh).toEqual([[1, 2]]);
});

test('tokens that are still masked have no text and are not counted', () => {
  const tokens = [...tokenizer.encode('so'), 2, 2, ...tokenizer.encode('up')];
  const fresh = [true, false, false, false, false, true];
  expect(readSpan({ tokens, fresh }, 'inline', reading)).toEqual({
    text: 'soup',
    fresh: [
      [0, 1],
      [3, 4],
    ],
    tokens: 4,
  });
});

test.each<[raw: string, clean: string, range: [number, number], mapped: [number, number][]]>([
  ['soup', 'soup', [1, 3], [[1, 3]]],
  ['a <b> c', 'a \\<b> c', [6, 7], [[7, 8]]],
  ['a\u200bb c', 'ab c', [4, 5], [[3, 4]]],
  ['a\u0007', 'a', [1, 2], []],
  ['one<!--mask-->two', 'onetwo', [14, 17], [[3, 6]]],
  ['xyz', '', [0, 3], []],
])('a range of %j stands for the same text in %j', (raw, clean, range, mapped) => {
  expect(mapRanges([range], raw, clean)).toEqual(mapped);
});
