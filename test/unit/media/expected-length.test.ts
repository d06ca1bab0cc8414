import { describe, expect, it } from 'vitest';
import { missingWords } from '../../../media/preview/expected-length.js';
import type { Hole } from '../../../src/protocol/preview-messages.js';

const hole = (more: Partial<Hole> = {}): Hole => ({
  id: 'm1',
  kind: 'text',
  form: 'inline',
  range: { start: 0, end: 1 },
  before: '',
  ...more,
});

describe('missingWords', () => {
  it('expects about as many words as were there', () => {
    expect(missingWords(hole({ before: 'one two three four' }), 'one', 0.3)).toBe(3);
  });

  it('goes by a length that the mark asks for', () => {
    expect(missingWords(hole({ length: 8 }), 'one two', 0.5)).toBe(4);
  });

  it('never expects more than the most that the mark allows', () => {
    expect(missingWords(hole({ form: 'block', max: 8 }), '', 0)).toBe(6);
  });

  it('trusts what is there the more the later it is, and expects nothing at the end', () => {
    const words = 'w '.repeat(18);
    expect(missingWords(hole(), words, 0.9)).toBeLessThan(4);
    expect(missingWords(hole(), words, 0.9)).toBeGreaterThanOrEqual(0);
    expect(missingWords(hole(), '', 1)).toBe(0);
  });
});
