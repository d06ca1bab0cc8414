/** What a model made, once it is in a document: it changes nothing about how what stands around it is read. */
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { bodyStartOf } from '../../src/core/document/mark-free.js';
import { sanitizeModelText } from '../../src/core/text/sanitize.js';
import { applied, parsed } from '../unit/core/document/helpers.js';
import { hostile } from '../unit/core/text/hostile-text.js';
import { testSeed } from './test-seed.js';

const markdown = new MarkdownIt({ html: true });
markdown.validateLink = () => true;

const pieces = fc.constantFrom(
  ...[
    '[z](https://a.example)',
    '[z](b.md)',
    '[a]',
    '[^1]',
    '![z](https://a.example/p.png)',
    '`c`',
    '`[`',
    '*d*',
  ],
  ...[
    '**e**',
    '<https://a.example>',
    '---',
    '***',
    '---\ntitle: x',
    '# f',
    '- g',
    '> h',
    '[a]: b',
    '|',
    '\\',
    '\n',
    ' ',
  ],
);
const generated = fc.oneof(
  hostile,
  fc.array(pieces, { minLength: 1, maxLength: 8 }).map((parts) => parts.join('')),
);

/** `document` with its mask replaced by `text`, as HTML. */
function html(document: string, text: string): string {
  const [mask] = parsed(document).masks;
  const result = applied(document, { m1: sanitizeModelText(text, mask!.form as 'inline') });
  expect(bodyStartOf(result)).toBe(bodyStartOf(document));
  return markdown.render(result.replace('\uFEFF', ''));
}

function expectSameAround(document: string, text: string): void {
  // Emphasis of nothing is none.
  fc.pre(sanitizeModelText(text, 'inline').trim() !== '');
  const [before, after] = html(document, 'WORD').split(/<p>WORD<\/p>|WORD/);
  const made = html(document, text);
  expect(made.slice(0, before!.length)).toBe(before);
  expect(made.slice(-after!.length)).toBe(after);
  expect(made.length).toBeGreaterThanOrEqual(before!.length + after!.length);
}

const places = [
  'before <!--mask/--> after',
  'before <!--mask/-->. after',
  'a [before <!--mask/--> after](soup.md) b',
  'a [<!--mask/-->](soup.md) b',
  'a [<!--mask/-->][soup] b\n\n[soup]: soup.md\n[a]: other.md\n[soup soup]: other.md\n',
  'a [![<!--mask/-->](soup.png)](soup.md) b',
  'a ![before <!--mask/--> after](soup.png) b',
  'a *[before **c <!--mask/--> d**](soup.md)* b',
  'a *before <!--mask/--> after* b',
  'a **before <!--mask/--> after** b',
  'a *<!--mask/-->* b',
  'a <!--mask/-->*before* b',
  'a ~~before <!--mask/--> after~~ b',
  '# before <!--mask/--> after',
  '| a | b |\n|---|---|\n| [c <!--mask/-->](d) | e |\n',
  '<!--mask/-->\n\nafter\n\n---\n\nlast\n',
  '\uFEFF<!--mask-->\nbefore\n<!--/mask-->\n\n# after\n\n---\n',
  'before\n\n<!--mask/-->\n\nafter\n',
  '> <!--mask/-->\n\nafter\n\n---\n',
];

describe('generated text', () => {
  it.each(places)('leaves what stands around it as it is read: %j', (document) => {
    fc.assert(
      fc.property(generated, (text) => {
        expectSameAround(document, text);
      }),
      { seed: testSeed(7), numRuns: 500 },
    );
  });
});
