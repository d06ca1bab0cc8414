/** Tokens that a span never takes, whatever the model makes of them. */
import type { SpanInput } from '../core/flow/window.js';
import type { TextTokenizer } from '../core/text/tokenizer.js';
import type { ModelManifest } from '../protocol/model-package.js';
import type { SpanSegment } from '../protocol/segments.js';

type Exclusion = Pick<SpanInput, 'excluded' | 'excludedFirst'>;

/** By what a span is: whole blocks, within a line, or within a line after a space. */
export interface ExcludedTokens {
  readonly block: Exclusion;
  readonly line: Exclusion;
  readonly spaced: Exclusion;
}

const startsWithPunctuation = /^\s*[.,;:!?)\]}]/;

/**
 * Excluded is what begins a picture or a link, and within a line what ends the line. Which words are missing the model
 * tells much better than which of them comes first. So the first token of a block is none that stands within a text,
 * and after a space none that belongs to the word before it.
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
  const isWithin = (text: string): boolean => /^[\s\p{Ll}]/u.test(text) || startsWithPunctuation.test(text);
  const isOfWordBefore = (text: string): boolean => !text.startsWith(' ') || startsWithPunctuation.test(text);
  const first = (excludedFirst: ReadonlySet<number>): Pick<Exclusion, 'excludedFirst'> =>
    // A vocabulary may have no such tokens, like one that keeps spaces apart from words.
    excludedFirst.size < tokens.length ? { excludedFirst } : {};
  const line = { excluded: idsOf(isLink, isLineBreak) };
  return {
    block: { excluded: idsOf(isLink), ...first(idsOf(isLink, isWithin)) },
    line,
    spaced: { ...line, ...first(idsOf(isLink, isLineBreak, isOfWordBefore)) },
  };
}

export function exclusionOf({ form, spaced }: SpanSegment, tokens: ExcludedTokens): Exclusion {
  if (form === 'block') return tokens.block;
  return spaced ? tokens.spaced : tokens.line;
}
