import fc from 'fast-check';
import createMarkdownIt, { type Token } from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { InlineScanner, type InlineNode } from '../../../../src/core/document/inline-nodes.js';
import { fragments } from '../../../property/document-generator.js';

const inShort = (text: string, { kind, start, end, inner, destination }: InlineNode): string => {
  const to = destination ? ` → ${destination.text}` : '';
  return `${kind} ${text.slice(start, end)} | ${text.slice(inner.start, inner.end)}${to}`;
};

function scan(text: string): string[] {
  return new InlineScanner({}).scan(text).map((node) => inShort(text, node));
}

describe('inline constructs', () => {
  it('are found where they stand', () => {
    expect(scan('a *b **c*** ~~~d~~ `` e` `` <http://f.g> <i>')).toEqual([
      'emphasis *b **c*** | b **c**',
      'emphasis **c** | *c*',
      'emphasis *c* | c',
      'emphasis ~~d~~ | d',
      'code `` e` `` | ',
      'autolink <http://f.g> | ',
      'html <i> | ',
    ]);
  });

  it('include links and images with their destinations', () => {
    expect(scan('[a *b*](<c d> "t") ![e\nf]( g%20h\\) )[i]()')).toEqual([
      'link [a *b*](<c d> "t") | a *b* → c d',
      'emphasis *b* | b',
      'image ![e\nf]( g%20h\\) ) | e\nf → g%20h)',
      'link [i]() | i → ',
    ]);
  });

  it('include footnote references, which are no links', () => {
    expect(scan('a[^b] [^c](d) [*e*[^f]](g) \\[^h] [^`i`]')).toEqual([
      'footnote [^b] | ',
      'link [^c](d) | ^c → d',
      'link [*e*[^f]](g) | *e*[^f] → g',
      'emphasis *e* | e',
      'footnote [^f] | ',
      'code `i` | ',
    ]);
  });

  it('include entities, if there are such', () => {
    expect(scan('a &amp;&#42; &b; &#x1F345; &copy')).toEqual([
      'entity &amp; | ',
      'entity &#42; | ',
      'entity &#x1F345; | ',
    ]);
  });

  it('include those within alt texts, which are no pictures', () => {
    const [outer, inner] = new InlineScanner({}).scan('![a ![b](c) `d`](e)');
    expect([outer?.kind, outer?.inAlt, inner?.kind, inner?.inAlt]).toEqual(['image', false, 'image', true]);
  });

  it('include references, whose destination stands elsewhere', () => {
    const scanner = new InlineScanner({ references: { R: { title: '', href: 'x.png' } } });
    expect(scanner.scan('![a][r]')[0]?.destination).toEqual({ text: 'x.png' });
  });

  it('agree with markdown-it on any text', () => {
    const markdown = createMarkdownIt({ html: true });
    const scanner = new InlineScanner({});
    const texts = fc
      .array(fragments, { maxLength: 25 })
      .map((parts) => parts.join('').replace(/[\r\n\0]/g, ''));
    fc.assert(
      fc.property(texts, (text) => {
        const tokens = markdown.parseInline(text, {})[0]?.children ?? [];
        const nodes = scanner.scan(text).filter(({ inAlt }) => !inAlt);
        expect(countNodes(nodes)).toEqual(countTokens(tokens));
      }),
      { seed: 20_260_804, numRuns: 2_000 },
    );
  });
});

function countNodes(nodes: readonly InlineNode[]): Record<string, number> {
  const count = (kind: InlineNode['kind']): number => nodes.filter((node) => node.kind === kind).length;
  return {
    code: count('code'),
    link: count('link') + count('autolink'),
    image: count('image'),
    html: count('html'),
  };
}

function countTokens(tokens: readonly Token[]): Record<string, number> {
  const count = (type: string): number => tokens.filter((token) => token.type === type).length;
  return {
    code: count('code_inline'),
    link: count('link_open'),
    image: count('image'),
    html: count('html_inline'),
  };
}
