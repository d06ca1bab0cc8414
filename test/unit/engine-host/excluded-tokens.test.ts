import { describe, expect, it } from 'vitest';
import { excludedTokens, exclusionOf } from '../../../src/engine-host/excluded-tokens.js';
import type { SpanSegment } from '../../../src/protocol/segments.js';

function excluded(texts: readonly string[], span: Partial<SpanSegment> & Pick<SpanSegment, 'form'>) {
  const tokenizer = {
    encode: () => [],
    decode: (ids: readonly number[]) => ids.map((id) => texts[id]).join(''),
  };
  const tokens = excludedTokens({ firstTextToken: 0, vocabularySize: texts.length }, tokenizer);
  const { excluded: always, excludedFirst } = exclusionOf({ text: '', ...span }, tokens);
  const read = (ids: ReadonlySet<number> | undefined) => ids && [...ids].map((id) => texts[id]);
  return { always: read(always), first: read(excludedFirst) };
}

const texts = ['soup', ' soup', 'Soup', '## ', ', ', ' .', ' (', ' {', '\n\n', '![', ']()'];

describe('excluded tokens', () => {
  it('are those that begin a picture or a link, and within a line those that end it', () => {
    expect(excluded(texts, { form: 'block' }).always).toEqual(['![', ']()']);
    expect(excluded(texts, { form: 'inline' }).always).toEqual(['\n\n', '![', ']()']);
    expect(excluded(texts, { form: 'cell' }).always).toEqual(['\n\n', '![', ']()']);
  });

  it('at the start of a block are those that stand within a text', () => {
    const { first } = excluded(texts, { form: 'block' });
    expect(first).toEqual(['soup', ' soup', '## ', ', ', ' .', ' (', ' {', '\n\n', '![', ']()']);
  });

  it('leave a heading to blocks that begin with one', () => {
    const { first } = excluded(texts, { form: 'block', text: '## Soup\n\nBoil it.' });
    expect(first).not.toContain('## ');
    expect(first).toContain('soup');
  });

  it('after a space are signs and those that belong to the word before it', () => {
    const { first } = excluded(texts, { form: 'cell', spaced: true });
    expect(first).toEqual(['soup', 'Soup', '## ', ', ', ' .', ' {', '\n\n', '![', ']()']);
    expect(excluded(texts, { form: 'inline' }).first).toBeUndefined();
  });

  it('leave a vocabulary something to begin with', () => {
    expect(excluded(['soup', '\n'], { form: 'inline', spaced: true }).first).toBeUndefined();
  });
});
