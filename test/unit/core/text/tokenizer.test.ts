import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokenizer, rememberTexts } from '../../../../src/core/text/tokenizer.js';
import tokenizerJson from './tokenizer.json';
// Ids that the reference implementation (Rust, through Python) gives with the same file.
import cases from './tokenizer-cases.json';

const special = [0, 1, 2, 3];
const tokenizer = createTokenizer(tokenizerJson);
/** The fixture with one part replaced. */
const changed = (part: object) => ({ ...tokenizerJson, ...part });
const wordPattern = tokenizerJson.pre_tokenizer.pretokenizers[0]!.pattern!.Regex;
/** The fixture with another pattern for words, or another use of it. */
const withSplit = (pattern: string, behavior: string) =>
  changed({
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: pattern }, behavior, invert: false },
        { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
      ],
    },
  });

describe('a tokenizer', () => {
  it.each(cases)('gives the ids of the reference implementation for $text', ({ text, ids }) => {
    expect(tokenizer.encode(text)).toEqual(ids);
    expect(tokenizer.decode(ids)).toBe(text);
  });

  it('brings any text back byte for byte, and reads no special token from it', () => {
    const names = fc.constantFrom('[BOS]', '[MASK]', '<|image|>', '[PAD]', ' the', '\n\n');
    const text = fc.array(fc.oneof(names, fc.string({ unit: 'binary' }))).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (value) => {
        const ids = tokenizer.encode(value);
        expect(ids.some((id) => special.includes(id))).toBe(false);
        expect(tokenizer.decode(ids)).toBe(value);
      }),
      { numRuns: 2000, seed: 3 },
    );
  });

  it('keeps white space before punctuation', () => {
    const text = "a , b . c ! d ? it 's n't";
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it('gives U+FFFD for a half character, and for a half surrogate', () => {
    const ids = tokenizer.encode('é');
    expect(ids).toHaveLength(2);
    expect(tokenizer.decode(ids.slice(0, 1))).toBe('\ufffd');
    expect(tokenizer.decode(tokenizer.encode('a\ud83cb'))).toBe('a\ufffdb');
  });

  it('gives the text of a token wherever it stands, and of characters that several tokens share', () => {
    const ids = tokenizer.encode('\ufeffé 👩\u200d🍳 soup, é\ufeff 水');
    const bytes = [...new TextEncoder().encode('\ufeffé 👩\u200d🍳 soup, é\ufeff 水')];
    for (let end = 0; end <= ids.length; end += 1) {
      // Read twice: the second time from memory.
      const [first, second] = [tokenizer.decode(ids.slice(0, end)), tokenizer.decode(ids.slice(0, end))];
      expect(second).toBe(first);
      const whole = first.replace(/\ufffd+$/, '');
      expect([...new TextEncoder().encode(whole)]).toEqual(
        bytes.slice(0, new TextEncoder().encode(whole).length),
      );
    }
    expect(tokenizer.decode([...ids, ...ids])).toBe(tokenizer.decode(ids).repeat(2));
  });

  it('takes a long word without delay', () => {
    const text = '['.repeat(100_000);
    expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
  });

  it.each<[string, unknown]>([
    ['the file is missing', null],
    ['normalizer', changed({ normalizer: { type: 'Lowercase' } })],
    ['model.type', changed({ model: { ...tokenizerJson.model, type: 'Unigram' } })],
    ['model.ignore_merges', changed({ model: { ...tokenizerJson.model, ignore_merges: true } })],
    ['decoder.type', changed({ decoder: { type: 'Metaspace' } })],
    ['loses text', changed({ model: { ...tokenizerJson.model, vocab: { a: 0 }, merges: [] } })],
    ['loses text', withSplit(wordPattern, 'Removed')],
    ['pre_tokenizer', withSplit('\\s+', 'Isolated')],
    ['pre_tokenizer', changed({ pre_tokenizer: { type: 'Metaspace' } })],
  ])('refuses a file that is not lossless byte-level BPE: %s', (message, json) => {
    expect(() => createTokenizer(json)).toThrow(message);
  });
});

describe('a tokenizer that remembers texts', () => {
  function counting() {
    const asked: string[] = [];
    const encode = (text: string): number[] => {
      asked.push(text);
      return tokenizer.encode(text) as number[];
    };
    return { asked, counted: { encode, decode: tokenizer.decode.bind(tokenizer) } };
  }

  it('gives the tokens that it was given, and asks for those of a text once', () => {
    const { asked, counted } = counting();
    const remembering = rememberTexts(counted);
    for (const text of ['a soup', '', 'a soup', '', 'a bowl']) {
      expect(remembering.encode(text)).toEqual(tokenizer.encode(text));
    }
    expect(asked).toEqual(['a soup', '', 'a bowl']);
    expect(remembering.decode(remembering.encode('a soup'))).toBe('a soup');
  });

  it('forgets when it has seen more than it may remember', () => {
    const { asked, counted } = counting();
    const remembering = rememberTexts(counted, 10);
    for (const text of ['a soup', 'a boat', 'a boat', 'a soup']) remembering.encode(text);
    expect(asked).toEqual(['a soup', 'a boat', 'a soup']);
  });
});
