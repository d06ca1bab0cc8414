/** Tokens that a span never takes, whatever the model makes of them. */
import type { SpanInput } from '../core/flow/window.js';
import type { TextTokenizer } from '../core/text/tokenizer.js';
import type { ModelManifest } from '../protocol/model-package.js';
import type { SpanSegment } from '../protocol/segments.js';

type Exclusion = Pick<SpanInput, 'excluded' | 'excludedFirst'>;

/** By what a span is: whole blocks, those that begin with a heading, within a line, or within a line after a space. */
export interface ExcludedTokens {
  readonly block: Exclusion;
  readonly section: Exclusion;
  readonly line: Exclusion;
  readonly spaced: Exclusion;
}

/** What ends a word or a sentence, after a space too. */
const closing = /^ ?[.,;:!?)\]}]/;
/** Signs that no text within a line begins with. */
const sign = /^ [-+|\\/<>=~^{]/;

/**
 * Everywhere, tokens that begin a picture or a link are excluded; within a line, line breaks too. The model tells
 * which words are missing much better than which of them comes first, so more is excluded as a first token: in a
 * block, what only continues a text; after a space, a sign and what belongs to the word before. Nor may a block begin
 * with a heading unless it did before: that is the likeliest single block, and hardly ever what is asked for.
 */
export function excludedTokens(
  { firstTextToken, vocabularySize }: Pick<ModelManifest['tokenizer'], 'firstTextToken' | 'vocabularySize'>,
  tokenizer: TextTokenizer,
): ExcludedTokens {
  const tokens = Array.from({ length: vocabularySize - firstTextToken }, (_, index) => {
    const id = firstTextToken + index;
    return { id, text: tokenizer.decode([id]) };
  });
  const idsOf = (...tests: ((text: string) => boolean)[]): ReadonlySet<number> =>
    new Set(tokens.filter(({ text }) => tests.some((test) => test(text))).map(({ id }) => id));
  // In the texts it learned from, a picture's place followed: a span has none to offer.
  const isLink = (text: string): boolean => text.includes('![') || text.includes('](');
  const isLineBreak = (text: string): boolean => text.includes('\n');
  const isWithin = (text: string): boolean => /^[\s\p{Ll}]/u.test(text) || closing.test(text);
  const isHeading = (text: string): boolean => text.startsWith('#');
  const isOfWordBefore = (text: string): boolean => !text.startsWith(' ') || closing.test(text);
  const isSign = (text: string): boolean => sign.test(text);
  const first = (excludedFirst: ReadonlySet<number>): Pick<Exclusion, 'excludedFirst'> =>
    // A vocabulary may have no such tokens, like one that keeps spaces apart from words.
    excludedFirst.size < tokens.length ? { excludedFirst } : {};
  const blocks = { excluded: idsOf(isLink) };
  const line = { excluded: idsOf(isLink, isLineBreak) };
  return {
    block: { ...blocks, ...first(idsOf(isLink, isWithin, isHeading)) },
    section: { ...blocks, ...first(idsOf(isLink, isWithin)) },
    line,
    spaced: { ...line, ...first(idsOf(isLink, isLineBreak, isOfWordBefore, isSign)) },
  };
}

export function exclusionOf(
  { form, text, spaced }: Pick<SpanSegment, 'form' | 'text' | 'spaced'>,
  tokens: ExcludedTokens,
): Exclusion {
  if (form === 'block') return text.startsWith('#') ? tokens.section : tokens.block;
  return spaced ? tokens.spaced : tokens.line;
}
