import { describe, expect, it } from 'vitest';
import { analyzeDocument, parseDocument } from '../../../../src/core/document/index.js';

/** Each error as `code what-it-is-about`. */
function problemsOf(source: string): string[] {
  return analyzeDocument(source).problems.map(
    ({ code, range }) => `${code} ${source.slice(range.start, range.end)}`,
  );
}

describe('everything that is wrong with the marks of a document', () => {
  it.each([
    ['a mark', 'a <!--mask max=3-->b', ['mark-unclosed <!--mask max=3-->']],
    [
      'an option',
      'a <!--mask max="0" x-->b<!--/mask-->',
      ['option-malformed x', 'option-out-of-range max="0"'],
    ],
    ['an unknown option', 'a <!--mask maxx=3 seed=1-->b<!--/mask-->', ['option-unknown maxx=3']],
    ['a word of an ordinary comment', '<!-- mask the edges -->', ['option-malformed the']],
    ['an option of a slot', '![a](mask:?seed=7&size=1)', ['option-out-of-range size=1']],
    ['a part of a slot’s query', '![a](mask:?seed=7&x)', ['option-malformed x']],
    ['a destination with escapes', '![a](mask\\:?size=1)', ['option-out-of-range mask\\:?size=1']],
    ['a destination in angle brackets', '![a](<mask:?size=1>)', ['option-out-of-range size=1']],
    ['a link to a slot', '[a](mask:?x=1) b', ['slot-not-image mask:?x=1']],
    ['a mark to the end of its line', 'a <!--mask b', ['mark-malformed <!--mask b']],
  ])('is about %s', (_what, source, expected) => {
    expect(problemsOf(source).sort()).toEqual([...expected].sort());
  });

  it('is told in document order, whatever is well-formed beside it', () => {
    const source =
      '<!--mask x-->a<!--/mask-->\n\nb <!--mask-->c<!--/mask--> d\n\ne<!--/mask-->\n\n![f](mask:)\n';
    const { document, problems } = analyzeDocument(source);
    expect(problems.map(({ line, column, code }) => `${line}:${column} ${code}`)).toEqual([
      '1:10 option-malformed',
      '5:2 mark-stray-closer',
    ]);
    expect(document.masks.map(({ form, before }) => `${form} ${before}`)).toEqual([
      'inline a',
      'inline c',
      'slot ',
    ]);
  });

  it('begins with what parseDocument says', () => {
    const source = 'a<!--/mask--> <!--mask-->';
    const [{ code, message, line, column }] = analyzeDocument(source).problems as [never];
    expect(parseDocument(source)).toEqual({ ok: false, error: { code, message, line, column } });
  });

  it('has places for warnings too', () => {
    const source = '<!--mask/--> a ![](mask:)';
    const { warnings } = analyzeDocument(source).document;
    expect(warnings.map(({ code, range }) => `${code} ${source.slice(range.start, range.end)}`)).toEqual([
      'inline-mark-begins-line <!--mask/-->',
      'slot-without-alt ![](mask:)',
    ]);
  });
});
