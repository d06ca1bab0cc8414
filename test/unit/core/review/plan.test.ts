import { describe, expect, it } from 'vitest';
import { parseDocument, type MarkedDocument, type Mask } from '../../../../src/core/document/index.js';
import {
  acceptEdits,
  beginRun,
  emptyReview,
  endRun,
  type Review,
} from '../../../../src/core/review/index.js';
import { anchorsOf, type Plan, proposalsOf } from '../../../../src/core/review/plan.js';
import { provenance } from './support.js';

function parsed(source: string): MarkedDocument {
  const result = parseDocument(source);
  if (!result.ok) throw new Error(result.error.message);
  return result.document;
}

const all = (source: string, include: (mask: Mask) => boolean = () => true): Plan => ({
  document: parsed(source),
  include,
});

/** The copy has its inserted marks in double brackets: `[[<!--mask-->]]`. */
function copyOf(written: string): Plan & { readonly text: string } {
  const inserted: { start: number; end: number }[] = [];
  let source = '';
  for (const [index, part] of written.split(/\[\[|\]\]/).entries()) {
    if (index % 2 === 1) inserted.push({ start: source.length, end: source.length + part.length });
    source += part;
  }
  const text = written.replaceAll(/\[\[[^]*?\]\]/g, '');
  return { ...all(source), inserted, text };
}

const drawn = (id: string) => ({ id, width: 256, height: 128 });

/** A review of `plan` after a run that has made a text for every id, or a picture where the text is `→`. */
function reviewOf(plan: Plan, text: string, made: Readonly<Record<string, string>>): Review {
  const entries = Object.entries(made);
  const proposals = proposalsOf(plan, {
    spans: entries.flatMap(([id, result]) => (result === '→' ? [] : [{ id, text: result }])),
    pictures: entries.flatMap(([id, result]) => (result === '→' ? [drawn(id)] : [])),
  });
  const begun = beginRun(emptyReview(text), 'r', anchorsOf(plan), provenance, text);
  return endRun(begun, 'r', proposals);
}

/** The text with everything accepted; the picture of mask `m2` goes to `m2.png`. */
function acceptedText(review: Review): string {
  const pictures = review.hunks.flatMap((hunk) => hunk.pictures);
  const destinations = new Map(pictures.map(({ id }) => [id, `${id.slice(2)}.png`]));
  const result = acceptEdits(
    review,
    review.hunks.map(({ id }) => id),
    destinations,
  );
  if (!result.ok) throw new Error(result.message);
  return result.edits.reduceRight(
    (text, { range, text: replacement }) => text.slice(0, range.start) + replacement + text.slice(range.end),
    review.text,
  );
}

describe('the hunks of a document', () => {
  it('have the text with its marks as it is, and in readable form', () => {
    const source =
      'a <!--mask seed=3-->b<!--/mask--> c ![d](mask:?size=128) e\n\n<!--mask-->\n![f](g.png)\n<!--/mask-->\n';
    const anchors = anchorsOf(all(source));
    expect(anchors.map(({ mask, kind, before, content }) => [mask, kind, before, content])).toEqual([
      ['m1', 'text', '<!--mask seed=3-->b<!--/mask-->', 'b'],
      ['m2', 'image', 'mask:?size=128', ''],
      ['m3', 'image', '<!--mask-->\n![f](g.png)\n<!--/mask-->\n', 'g.png'],
    ]);
    for (const { place, before } of anchors) expect(source.slice(place.start, place.end)).toBe(before);
    expect(anchors.map(({ options }) => options)).toEqual([{ seed: 3 }, { size: 128 }, {}]);
    expect(anchors.map(({ pictures }) => pictures)).toEqual([
      [],
      [{ id: 'm2', alt: 'd' }],
      [{ id: 'm3', alt: 'f' }],
    ]);
  });

  it('propose texts with gaps for what is only known once a picture is accepted', () => {
    const source =
      'a <!--mask--> b ![c](mask:) d <!--/mask--> e ![f](mask:)\n\n<!--mask-->\n[![g](h.png)](i)\n<!--/mask-->\n';
    const plan = all(source);
    const review = reviewOf(plan, source, { m1: 'B', 'm1.2': 'D', m2: '→', m3: '→', m4: '→' });
    expect(review.hunks.map(({ after }) => after)).toEqual([
      ['B ![c](', { picture: 'r:m2' }, ') D'],
      [{ picture: 'r:m3' }],
      ['[![g](', { picture: 'r:m4' }, ')](i)\n'],
    ]);
    expect(review.hunks.map(({ pictures }) => pictures)).toEqual([
      [{ id: 'r:m2', alt: 'c', width: 256, height: 128 }],
      [{ id: 'r:m3', alt: 'f', width: 256, height: 128 }],
      [{ id: 'r:m4', alt: 'g', width: 256, height: 128 }],
    ]);
    expect(acceptedText(review)).toBe('a B ![c](m2.png) D e ![f](m3.png)\n\n[![g](m4.png)](i)\n');
  });

  it('are those of the included masks: a slot of a span that stays is one of its own', () => {
    const source = '<!--mask-->a ![b](mask:)<!--/mask-->';
    const plan = all(source, ({ kind }) => kind === 'image');
    const review = reviewOf(plan, source, { m2: '→' });
    expect(review.hunks.map(({ id, before }) => [id, before])).toEqual([['r:m2', 'mask:']]);
    expect(acceptedText(review)).toBe('<!--mask-->a ![b](m2.png)<!--/mask-->');
  });

  it('are kept apart from text that looks like a gap', () => {
    const source = 'picture:1: ![a](mask:) <!--mask/-->';
    const review = reviewOf(all(source), source, { m1: '→', m2: 'picture:2:x:' });
    expect(acceptedText(review)).toBe('picture:1: ![a](m1.png) picture:2:x:');
  });

  it('go when the run proposes nothing for them', () => {
    const source = 'a <!--mask/--> b <!--mask/-->';
    expect(reviewOf(all(source), source, { m2: 'x' }).hunks.map(({ id }) => id)).toEqual(['r:m2']);
  });
});

describe('the hunks of a marked copy', () => {
  it('belong to the text without the marks', () => {
    const plan = copyOf(
      '# Soup\n\n[[<!--mask-->\n]]Boil it.\n[[<!--/mask-->\n]]\n![pot](mask:) and ![lid](lid.png)\n',
    );
    const review = reviewOf(plan, plan.text, { m1: 'Fry it.\n\nEat it.', m2: '→' });
    expect(review.hunks.map(({ before }) => before)).toEqual(['Boil it.\n', 'mask:']);
    expect(acceptedText(review)).toBe('# Soup\n\nFry it.\n\nEat it.\n\n![pot](m2.png) and ![lid](lid.png)\n');
  });

  it.each([
    ['before the prefix of the line', '> a\n>\n[[> <!--mask-->\n]]> b\n[[> <!--/mask-->\n]]> # c\n'],
    ['after the prefix of the line', '> a\n>\n> [[<!--mask-->\n> ]]b\n> [[<!--/mask-->\n> ]]# c\n'],
  ])('keep the container that the marks stand in, put in %s', (_, written) => {
    const plan = copyOf(written);
    expect(plan.text).toBe('> a\n>\n> b\n> # c\n');
    expect(acceptedText(reviewOf(plan, plan.text, { m1: 'x\ny' }))).toBe('> a\n>\n> x\n> y\n> # c\n');
  });

  it('may be places without text, and end with the document', () => {
    const plan = copyOf('# a\n\n[[<!--mask/-->]]');
    const review = reviewOf(plan, plan.text, { m1: 'x' });
    expect(review.hunks.map(({ before, place }) => [before, place])).toEqual([['', { start: 5, end: 5 }]]);
    expect(acceptedText(review)).toBe('# a\n\nx');
  });

  it('go when what is proposed stands there already', () => {
    const plan = copyOf('[[<!--mask-->\n]]a\n[[<!--/mask-->\n]]\nb\n');
    expect(reviewOf(plan, plan.text, { m1: 'a' }).hunks).toEqual([]);
  });
});
