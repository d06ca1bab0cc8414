/** Text to token ids and back, by the byte-level BPE of a model package's `tokenizer.json`. */
import { Tokenizer } from '@huggingface/tokenizers';
import * as z from 'zod/mini';

export interface TextTokenizer {
  /**
   * Ids of `text`. No special token is ever added, nor read from text that spells its name. Half surrogates, which
   * UTF-8 cannot hold, become U+FFFD; all other text comes back from `decode` as it was.
   */
  encode(text: string): readonly number[];
  /** The text of `ids`, which must be text tokens. Bytes that are no UTF-8 become U+FFFD. */
  decode(ids: readonly number[]): string;
}

const absent = z.optional(z.nullable(z.union([z.literal(''), z.literal(false)])));

/**
 * How words are cut in the packages that our training makes. A pattern runs on the author's text, and one can be
 * written to take forever on some text; so none is run that is not known here.
 */
const wordPattern = "\\n+| ?\\p{L}+(?:['’]\\p{L}+)*| ?\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+|\\s";

const byteLevelSchema = z.looseObject({ type: z.literal('ByteLevel') });
const splitSchema = z.looseObject({
  type: z.literal('Split'),
  pattern: z.strictObject({ Regex: z.literal(wordPattern) }),
});

/** What is needed for lossless byte-level BPE. Other fields of the file are not used. */
const tokenizerSchema = z.object({
  normalizer: z.nullable(z.never()),
  pre_tokenizer: z.union([
    byteLevelSchema,
    z.object({
      type: z.literal('Sequence'),
      pretokenizers: z.array(z.union([splitSchema, byteLevelSchema])),
    }),
  ]),
  decoder: z.looseObject({ type: z.literal('ByteLevel') }),
  model: z.object({
    type: z.literal('BPE'),
    vocab: z.record(z.string(), z.int().check(z.gte(0))),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
    // With this, a word that spells a special token's name would become that token.
    ignore_merges: absent,
    byte_fallback: absent,
    unk_token: absent,
    continuing_subword_prefix: absent,
    end_of_word_suffix: absent,
  }),
});

/**
 * A tokenizer from the parsed content of a `tokenizer.json`.
 * @throws Error with one sentence if it is not byte-level BPE that brings every text back
 */
export function createTokenizer(json: unknown): TextTokenizer {
  const parsed = z.safeParse(tokenizerSchema, json);
  if (!parsed.success) {
    const field = parsed.error.issues[0]!.path.join('.') || 'the file';
    throw new Error(`The tokenizer is not plain byte-level BPE: ${field} is missing or not of that kind.`);
  }
  // Without added tokens the library looks for no names in the text.
  const tokenizer = new Tokenizer({ ...parsed.data, added_tokens: [], post_processor: null }, {});
  const decode = (ids: readonly number[]): string =>
    ids.length === 0 ? '' : tokenizer.decode([...ids], { clean_up_tokenization_spaces: false });
  const wholeText = rememberWholeTexts(decode);
  const bound: TextTokenizer = {
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }).ids,
    decode: (ids) => {
      let text = '';
      for (const id of ids) {
        const own = wholeText(id);
        if (own === undefined) return decode(ids);
        text += own;
      }
      return text;
    },
  };
  const probe = everyByte();
  if (bound.decode(bound.encode(probe)) !== probe) {
    throw new Error('The tokenizer loses text: some byte has no token, or its words leave characters out.');
  }
  return bound;
}

/**
 * The text of a token that holds whole characters, which is the same wherever it stands; undefined for one that holds
 * bytes of a character alone. Every pass of a run reads the same tokens many times over.
 */
function rememberWholeTexts(decode: (ids: readonly number[]) => string): (id: number) => string | undefined {
  const texts = new Map<number, string | undefined>();
  return (id) => {
    if (texts.has(id)) return texts.get(id);
    const text = decode([id]);
    // Nothing is left of a byte order mark that stands alone.
    const isWhole = text !== '' && !text.includes('\ufffd');
    texts.set(id, isWhole ? text : undefined);
    return texts.get(id);
  };
}

/** Characters of texts whose tokens are remembered, a few megabytes with them. */
const mostRemembered = 1_000_000;

/**
 * The tokenizer, with the tokens of texts that it has seen: windows are cut by the texts that are then put into them,
 * and an author runs over the same document again and again.
 */
export function rememberTexts(tokenizer: TextTokenizer, most = mostRemembered): TextTokenizer {
  const known = new Map<string, readonly number[]>();
  let characters = 0;
  return {
    decode: (ids) => tokenizer.decode(ids),
    encode: (text) => {
      const found = known.get(text);
      if (found) return found;
      const ids = tokenizer.encode(text);
      if (characters + text.length > most) {
        known.clear();
        characters = 0;
      }
      known.set(text, ids);
      characters += text.length;
      return ids;
    },
  };
}

/** A text whose UTF-8 form holds every byte that UTF-8 can hold. */
function everyByte(): string {
  const oneAndTwoBytes = Array.from({ length: 0x800 }, (_, code) => code);
  const threeBytes = Array.from({ length: 16 }, (_, lead) => Math.max(lead * 0x1000, 0x800));
  const fourBytes = [0x1_0000, 0x4_0000, 0x8_0000, 0xc_0000, 0x10_0000];
  return String.fromCodePoint(...oneAndTwoBytes, ...threeBytes, ...fourBytes);
}
