import { describe, expect, it } from 'vitest';
import { toSegments } from '../../../../src/core/document/index.js';
import { segmentSchema } from '../../../../src/protocol/segments.js';
import { modelForm, parsed, segmentsOf } from './helpers.js';

describe('the model form of a document', () => {
  it('has LF line ends, no byte order mark, no front matter and no marks', () => {
    expect(modelForm('\uFEFF---\r\na: b\r\n---\r\n\r\nc\r\nd <!--mask/-->\r\n', false)).toBe('c\nd\n');
    expect(modelForm('a\n\n> <!--mask-->\n> b\n> <!--/mask-->\n\nc', false)).toBe('a\n\n> b\n\nc');
  });

  it('lets an inline span begin with the space before it', () => {
    expect(modelForm('Simmer <!--mask-->for ten\nminutes<!--/mask-->, then <!--mask/--> it.')).toBe(
      'Simmer[m1 for ten minutes], then[m2] it.',
    );
    expect(modelForm('a<!--mask--> b<!--/mask-->')).toBe('a[m1 b]');
    expect(modelForm('  <!--mask-->a<!--/mask-->')).toBe('[m1a]');
  });

  it('tells of a space before an inline span, even before an empty one', () => {
    const spaced = (source: string): boolean[] =>
      segmentsOf(source).flatMap((segment) => (segment.kind === 'span' ? [segment.spaced === true] : []));
    expect(spaced('Simmer <!--mask-->for ten<!--/mask-->, then <!--mask/--> it.')).toEqual([true, true]);
    expect(spaced('- <!--mask/-->\n- a')).toEqual([true]);
    expect(spaced('(<!--mask-->a<!--/mask-->)\n<!--mask-->b<!--/mask--> c')).toEqual([false, false]);
    expect(spaced('a\n\n<!--mask/-->\n')).toEqual([false]);
  });

  it('parts an own-line span from what is around it by one blank line', () => {
    expect(modelForm('a\n<!--mask/-->\n\n\n\nb\n')).toBe('a\n\n[m1]\n\nb\n');
    expect(modelForm('<!--mask-->\n\na\n\nb\n\n<!--/mask-->\n')).toBe('[m1a\n\nb]');
    expect(modelForm('<!--mask/-->\n<!--mask/-->\n<!--mask-->a<!--/mask-->\n')).toBe('[m1]\n\n[m2]\n\n[m3a]');
  });

  it('takes the container’s prefix off an own-line span', () => {
    expect(modelForm('> <!--mask-->\n> a\n>\n> - b\n> <!--/mask-->\n\nc')).toBe('[m1a\n\n- b]\n\nc');
    expect(modelForm('1. a\n\n   <!--mask-->\n   b\n\n       c\n   <!--/mask-->')).toBe(
      '1. a\n\n[m1b\n\n    c]',
    );
  });

  it('takes the escapes of `|` out of a cell', () => {
    expect(modelForm('| a |\n|---|\n| <!--mask-->b \\| c<!--/mask--> |\n')).toBe(
      '| a |\n|---|\n|[m1 b | c] |\n',
    );
  });

  it('has a picture in the place of every destination, without title', () => {
    expect(modelForm('![a](b.png "c") [![d](<e f>)](g) ![h][r] ![i](mask:)\n\n[r]: s')).toBe(
      '![a]({p1}) [![d]({p2})](g) ![h]({p3}) ![i]({m1})\n\n[r]: s',
    );
    expect(segmentsOf('![d](<e f>)')).toContainEqual({
      kind: 'picture',
      id: 'p1',
      alt: 'd',
      masked: false,
      file: '/docs/e f',
      strength: 0,
    });
  });

  it('finds the pictures that are defined right after a footnote', () => {
    expect(modelForm('![a][r]\n\n[^1]: b\nc\n[r]: d.png\n')).toBe('![a]({p1})\n\n[^1]: b\nc\n[r]: d.png\n');
  });

  it('leaves images in code and links as text', () => {
    expect(modelForm('`![a](b)` [c](d)')).toBe('`![a](b)` [c](d)');
  });

  it('cuts a span at the pictures inside it', () => {
    expect(modelForm('a <!--mask-->b ![c](d) ![e](mask:) f<!--/mask--> g')).toBe(
      'a[m1 b] ![c]({p1}) ![e]({m2})[m1.2 f] g',
    );
    expect(modelForm('<!--mask-->\na\n\n![b](c)\n\nd\n<!--/mask-->\n\ne')).toBe(
      '[m1a]\n\n![b]({p1})\n\n[m1.2d]\n\ne',
    );
    expect(modelForm('a <!--mask-->![b](c)<!--/mask-->')).toBe('a ![b]({p1})[m1]');
  });

  it('leaves a link or emphasis around a picture alone out of the span', () => {
    expect(modelForm('<!--mask-->\nBuild [![a](b)](c) *[![d](mask:)](e)* ok\n<!--/mask-->')).toBe(
      '[m1Build] [![a]({p1})](c) *[![d]({m2})](e)*[m1.2 ok]',
    );
  });

  it('leaves list markers and pipes beside pictures out of the span', () => {
    expect(modelForm('<!--mask-->\n- ![a](b)\n- ![c](d) Stir\n2. ![e](f)\n<!--/mask-->')).toBe(
      '- ![a]({p1})\n- ![c]({p2})[m1 Stir\n2.] ![e]({p3})\n\n',
    );
    expect(modelForm('<!--mask-->\n| ![a](b) | ![c](d) |\n|---|---|\n| e | f |\n<!--/mask-->')).toBe(
      '| ![a]({p1}) | ![c]({p2})[m1 |\n|---|---|\n| e | f |]',
    );
  });

  it('has a span within an alt text', () => {
    expect(modelForm('![a <!--mask-->b<!--/mask-->](c.png).')).toBe('![a[m1 b]]({p1}).');
  });

  it('has the marks’ options and the defaults for strength', () => {
    const source =
      'a <!--mask max=9 seed=3-->b<!--/mask--> <!--mask length=5 guidance=2/--> <!--mask strength=0.2-->c<!--/mask--> ![d](mask:?style=noto&size=64)';
    expect(segmentsOf(source).filter(({ kind }) => kind !== 'text')).toEqual([
      { kind: 'span', id: 'm1', form: 'inline', text: ' b', spaced: true, strength: 0.6, max: 9, seed: 3 },
      { kind: 'span', id: 'm2', form: 'inline', text: '', spaced: true, strength: 1, length: 5, guidance: 2 },
      { kind: 'span', id: 'm3', form: 'inline', text: ' c', spaced: true, strength: 0.2 },
      { kind: 'picture', id: 'm4', alt: 'd', masked: true, strength: 1, style: 'noto', size: 64 },
    ]);
  });

  it('shares the tokens of a span out between its stretches', () => {
    const spans = segmentsOf('a <!--mask max=5-->b ![c](d) e<!--/mask-->').filter(
      ({ kind }) => kind === 'span',
    );
    expect(spans).toMatchObject([
      { id: 'm1', max: 3 },
      { id: 'm1.2', max: 2 },
    ]);
  });

  it('starts a redrawn picture from its file', () => {
    const source = '<!--mask-->\n![a](b.png)\n<!--/mask-->\n';
    expect(segmentsOf(source)[1]).toEqual({
      kind: 'picture',
      id: 'm1',
      alt: 'a',
      masked: true,
      file: '/docs/b.png',
      strength: 0.6,
    });
  });

  it('lets a mark’s strength beat the run’s', () => {
    const document = parsed('a <!--mask-->b<!--/mask--> <!--mask strength=0.2-->c<!--/mask-->');
    const { segments } = toSegments(document, {
      include: () => true,
      strength: 0.9,
      resolvePicture: () => undefined,
    });
    expect(segments.filter(({ kind }) => kind === 'span')).toMatchObject([
      { strength: 0.9 },
      { strength: 0.2 },
    ]);
  });

  it('takes masks that are not included as context', () => {
    const document = parsed('a <!--mask-->b<!--/mask--> ![c](mask:) ![d](mask:)');
    const { segments } = toSegments(document, {
      include: ({ id }) => id === 'm3',
      resolvePicture: () => '/x.png',
    });
    expect(segments).toEqual([
      { kind: 'text', text: 'a b ![c](' },
      { kind: 'picture', id: 'p1', alt: 'c', masked: false, strength: 0 },
      { kind: 'text', text: ') ![d](' },
      { kind: 'picture', id: 'm3', alt: 'd', masked: true, strength: 1 },
      { kind: 'text', text: ')' },
    ]);
  });

  it('closes up what is around an empty mask that is not included', () => {
    expect(modelForm('a <!--mask/--> b <!--mask/-->. c <!--mask/-->*d*', false)).toBe('a b. c *d*');
    expect(modelForm('a\n\n<!--mask/-->\n\n> b\n>\n> <!--mask/-->\n>\n> c\n', false)).toBe(
      'a\n\n> b\n\n> c\n',
    );
  });

  it('has no line of a quote’s marker alone beside an own-line span', () => {
    expect(modelForm('> a\n>\n> <!--mask/-->\n>\n> ![b](c)\n')).toBe('> a\n\n[m1]\n\n> ![b]({p1})\n');
    expect(modelForm('> <!--mask/-->\n> ![b](c)\n')).toBe('[m1]\n\n> ![b]({p1})\n');
  });

  it('warns of pictures that are not at hand', () => {
    const document = parsed('a ![b](c.png)\n\n<!--mask-->\n![d](e.png)\n<!--/mask-->\n\n![f](mask:)\n');
    const { segments, warnings } = toSegments(document, {
      include: () => true,
      resolvePicture: () => undefined,
    });
    expect(warnings).toMatchObject([
      { code: 'picture-context-missing', line: 1, column: 3 },
      { code: 'picture-not-found', line: 4, column: 1 },
    ]);
    expect(segments.find((segment) => segment.kind === 'picture' && segment.masked)).toMatchObject({
      strength: 1,
    });
  });

  it('keeps to the protocol', () => {
    const source = '# a <!--mask/-->\n\n<!--mask-->\n- b ![c](d)\n<!--/mask-->\n\n![e](mask:?seed=1)\n';
    for (const segment of segmentsOf(source)) expect(segmentSchema.parse(segment)).toEqual(segment);
  });
});
