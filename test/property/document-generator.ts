/**
 * Random documents whose author knows where the marks are: every piece of text is tagged with the mask that accepting
 * replaces it with, so that a test can say what must come out without asking the code under test.
 */
import fc from 'fast-check';

/** A mask that the generator has put into a document. */
export interface GeneratedMask {
  readonly form: 'inline' | 'cell' | 'block' | 'slot' | 'picture';
  /** Redrawn pictures: the line before and after the destination. */
  readonly around?: readonly [before: string, after: string];
}

/** Text that belongs to a mask, or to none. */
export interface Piece {
  readonly text: string;
  readonly mask: GeneratedMask | undefined;
}

export interface GeneratedDocument {
  readonly pieces: readonly Piece[];
  readonly source: string;
  /** In document order. */
  readonly masks: readonly GeneratedMask[];
  /** What stands before a mask on its line. */
  readonly prefixes: ReadonlyMap<GeneratedMask, string>;
}

interface Line {
  readonly pieces: readonly Piece[];
  /** The mask that the line end belongs to. */
  readonly endMask?: GeneratedMask | undefined;
  /** The mask that a container prefix of this line belongs to. */
  readonly prefixMask?: GeneratedMask | undefined;
}

type Block = readonly Line[];

const plain = (text: string): Piece => ({ text, mask: undefined });
const line = (text: string): Line => ({ pieces: text === '' ? [] : [plain(text)] });
const BLANK = line('');

const word = fc.constantFrom(
  ...[
    'soup',
    'Simmer',
    'a',
    'ten',
    'pot.',
    'über',
    '漢字',
    'かな',
    'שלום',
    'مرحبا',
    '👩‍🍳',
    '🍅',
    'a_b',
    '#tag',
    'x\ty',
  ],
  ...[
    '*so*',
    '**very**',
    '`code`',
    '`a | b`',
    '[text](page.md)',
    '![pic](p.png "t")',
    '&amp;',
    '<b>',
    '<http://x.y>',
  ],
  ...[
    '`<!--mask-->`',
    '\\<!--mask-->',
    '<!-- note -->',
    '``<!--mask--><!--/mask-->``',
    '[r](<!--mask/-->)',
    '2 < 3',
  ],
);
const plainWord = fc.constantFrom('red', 'warm', '湯', 'חם', '🥣', 'of', 'salt', 'é');
const words = (unit: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(unit, { minLength: 1, maxLength }).map((list) => list.join(' '));

const openers = fc.constantFrom('<!--mask-->', '<!-- mask -->', '<!--mask seed=7-->', '<!--mask max="9"-->');
const closers = fc.constantFrom('<!--/mask-->', '<!-- /mask -->');
const empties = fc.constantFrom(
  '<!--mask/-->',
  '<!--mask /-->',
  '<!--mask--><!--/mask-->',
  '<!--mask max=5/-->',
);

/** A span within a line: filled or empty. */
const inlineMark = (form: 'inline' | 'cell'): fc.Arbitrary<Piece> =>
  fc
    .oneof(
      empties,
      fc.tuple(openers, words(plainWord, 3), closers).map((parts) => parts.join('')),
    )
    .map((text) => ({ text, mask: { form } }));

const slot: fc.Arbitrary<Piece[]> = fc
  .tuple(
    words(plainWord, 2),
    fc.constantFrom('mask:', 'mask:?seed=7', '<mask:>', 'mask:?style=noto&size=64'),
    fc.boolean(),
  )
  .map(([alt, destination, titled]) => [
    plain(`![${alt}](`),
    { text: destination, mask: { form: 'slot' } },
    plain(titled ? ' "title")' : ')'),
  ]);

/** Words, spans and slots with a space between them. */
const inlineLine = (form: 'inline' | 'cell', text: fc.Arbitrary<string>): fc.Arbitrary<Piece[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: words(text, 4).map((value) => [plain(value)]) },
        { weight: 2, arbitrary: inlineMark(form).map((piece) => [piece]) },
        { weight: 1, arbitrary: slot },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((parts) => parts.flatMap((part, index) => (index === 0 ? part : [plain(' '), ...part])));

/** A first word, so that a mark is not alone on its line. */
const textLine: fc.Arbitrary<Piece[]> = fc
  .tuple(fc.constantFrom('Then', '次に', 'ואז', '1st'), inlineLine('inline', word))
  .map(([first, rest]) => [plain(`${first} `), ...rest]);

const paragraph: fc.Arbitrary<Block> = fc
  .array(textLine, { minLength: 1, maxLength: 3 })
  .map((lines) => lines.map((pieces) => ({ pieces })));

/** A span that begins on one line of a paragraph and ends on the next; it may begin or end with the line end. */
const twoLineSpan: fc.Arbitrary<Block> = fc
  .tuple(
    openers,
    fc.oneof(words(plainWord, 2), fc.constantFrom('', '  ')),
    fc.oneof(words(plainWord, 2), fc.constant('')),
    closers,
  )
  .filter(([, first, second]) => (first + second).trim() !== '')
  .map(([opener, first, second, closer]) => {
    const mask: GeneratedMask = { form: 'inline' };
    return [
      { pieces: [plain('Stir '), { text: `${opener}${first}`, mask }], endMask: mask },
      { pieces: [{ text: `${second}${closer}`, mask }, plain(' well.')], prefixMask: mask },
    ];
  });

const heading: fc.Arbitrary<Block> = fc
  .tuple(fc.constantFrom('# ', '### ', '###### '), textLine)
  .map(([marker, pieces]) => [{ pieces: [plain(marker), ...pieces] }]);

const setext: fc.Arbitrary<Block> = textLine.map((pieces) => [{ pieces }, line('=====')]);

const cellWord = fc.constantFrom('salt', '*so*', '湯', 'a \\| b', '`x`', '![p](q.png)');
const tableRow: fc.Arbitrary<Line> = fc
  .tuple(inlineLine('cell', cellWord), inlineLine('cell', cellWord))
  .map(([left, right]) => ({ pieces: [plain('| '), ...left, plain(' | '), ...right, plain(' |')] }));

const table: fc.Arbitrary<Block> = fc
  .tuple(tableRow, fc.array(tableRow, { maxLength: 2 }))
  .map(([head, rows]) => [head, line('|---|:--|'), ...rows]);

/** Blocks in which marks are text. */
const literal: fc.Arbitrary<Block> = fc
  .constantFrom(
    '```\n<!--mask-->\n```',
    '~~~ md\n![a](mask:)\n\n<!--/mask-->\n~~~',
    '# Code\n\n     <!--mask-->\n     x',
    '<div>\n<!--mask-->\n</div>',
    '<!-- a\n<!--mask-->\n\n<!--/mask-->\n-->',
    '[ref]: <!--mask-->dest "title"',
    '***',
  )
  .map((text) => text.split('\n').map(line));

const plainBlock: fc.Arbitrary<Block> = fc.oneof(
  words(plainWord, 5).map((text) => [line(text)]),
  fc
    .constantFrom(
      '- one\n- two\n\n  more',
      '> said\n> he',
      '| a |\n|---|\n| b |',
      '```\ncode\n\n# x\n```',
      '## Head\ntext',
    )
    .map((text) => text.split('\n').map(line)),
);

const tag = (block: Block, mask: GeneratedMask): Line[] =>
  block.map(({ pieces }) => ({
    pieces: pieces.map(({ text }) => ({ text, mask })),
    endMask: mask,
    prefixMask: mask,
  }));

const ownLineMark = (
  indent: string,
  opener: string,
  content: Block,
  closer: string,
  mask: GeneratedMask,
): Block => [
  { pieces: [...(indent === '' ? [] : [plain(indent)]), { text: opener, mask }], endMask: mask },
  ...tag(content, mask),
  ...tag([line(closer)], mask),
];

const indents = fc.constantFrom('', '', ' ');

const ownLine: fc.Arbitrary<Block> = fc.oneof(
  fc.tuple(indents, empties, fc.constantFrom('', '  ')).map(([indent, text, trailing]) => {
    const mask: GeneratedMask = { form: 'block' };
    return [{ pieces: [...(indent ? [plain(indent)] : []), { text: text + trailing, mask }], endMask: mask }];
  }),
  fc
    .tuple(indents, openers, fc.array(plainBlock, { minLength: 1, maxLength: 3 }), closers)
    .map(([indent, opener, blocks, closer]) =>
      ownLineMark(indent, opener, joinBlocks(blocks), closer, { form: 'block' }),
    ),
  fc.tuple(words(plainWord, 2), fc.constantFrom('', ' "t"')).map(([alt, title]) => {
    const around = [`![${alt}](`, `${title})`] as const;
    const mask: GeneratedMask = { form: 'picture', around };
    return ownLineMark('', '<!--mask-->', [line(`${around[0]}old.png${around[1]}`)], '<!--/mask-->', mask);
  }),
);

function joinBlocks(blocks: readonly Block[]): Line[] {
  return blocks.flatMap((block, index) => (index === 0 ? block : [BLANK, ...block]));
}

/** Puts a container around lines: `first` before the first, `rest` before the others. */
function contain(lines: readonly Line[], first: string, rest: string): Block {
  return lines.map((current, index) => {
    const { pieces, endMask, prefixMask } = current;
    const isBlank = pieces.length === 0;
    const prefix = isBlank ? rest.trimEnd() : index === 0 ? first : rest;
    const prefixPiece = prefix === '' ? [] : [{ text: prefix, mask: prefixMask }];
    return { pieces: [...prefixPiece, ...pieces], endMask, prefixMask };
  });
}

const leaf: fc.Arbitrary<Block> = fc.oneof(
  { weight: 4, arbitrary: paragraph },
  { weight: 1, arbitrary: twoLineSpan },
  { weight: 1, arbitrary: heading },
  { weight: 1, arbitrary: setext },
  { weight: 2, arbitrary: table },
  { weight: 2, arbitrary: literal },
  { weight: 4, arbitrary: ownLine },
);

const { block } = fc.letrec<{ block: Block; container: Block }>((tie) => ({
  block: fc.oneof({ maxDepth: 3, depthIdentifier: 'containers' }, leaf, tie('container')),
  container: fc.oneof(
    fc
      .tuple(
        fc.constantFrom('> ', ' > '),
        fc.array(tie('block'), { minLength: 1, maxLength: 2, depthIdentifier: 'containers' }),
      )
      .map(([wanted, blocks]) => {
        const lines = joinBlocks(blocks);
        // markdown-it counts the columns of a tab wrong after a quote's sign that is indented.
        const hasTab = lines.some(({ pieces }) => pieces.some(({ text }) => text.includes('\t')));
        const prefix = hasTab ? '> ' : wanted;
        return contain(lines, prefix, prefix);
      }),
    // An own-line mark cannot share the marker's line, so an item begins with a paragraph.
    fc
      .tuple(
        fc.constantFrom(['- ', '  '], ['12) ', '    '], ['*\t', '\t']),
        paragraph,
        fc.array(tie('block'), { maxLength: 2, depthIdentifier: 'containers' }),
      )
      .map(([[first = '', rest = ''], start, blocks]) =>
        contain(joinBlocks([start, ...blocks]), first, rest),
      ),
  ),
}));

const frontMatter: fc.Arbitrary<Block> = fc.constantFrom(
  [],
  [],
  ['---', 'title: <!--mask-->', '---', ''].map(line),
  ['---', 'slot: "![a](mask:)"', '...', '', ''].map(line),
  ['+++', '', 'title = "<!--mask-->"', '+++', ''].map(line),
);

const lineEnds = fc.oneof(
  fc.constantFrom(['\n'], ['\r\n']),
  fc.array(fc.constantFrom('\n', '\r\n', '\r'), { minLength: 2, maxLength: 5 }),
);

/** Documents of up to five blocks (containers hold more) with marks at legal places. */
export const documents: fc.Arbitrary<GeneratedDocument> = fc
  .tuple(
    fc.constantFrom('', '', '\uFEFF'),
    frontMatter,
    fc.array(block, { minLength: 1, maxLength: 5 }),
    lineEnds,
    fc.boolean(),
  )
  .map(([byteOrderMark, front, blocks, ends, finalLineEnd]) =>
    write(byteOrderMark, [...front, ...joinBlocks(blocks)], ends, finalLineEnd),
  );

function write(
  byteOrderMark: string,
  lines: readonly Line[],
  lineEnds: readonly string[],
  finalLineEnd: boolean,
): GeneratedDocument {
  const pieces: Piece[] = [plain(byteOrderMark)];
  const prefixes = new Map<GeneratedMask, string>();
  lines.forEach((current, index) => {
    let before = '';
    for (const piece of current.pieces) {
      if (piece.mask && !prefixes.has(piece.mask)) prefixes.set(piece.mask, before);
      pieces.push(piece);
      before += piece.text;
    }
    if (index === lines.length - 1 && !finalLineEnd) return;
    const lineEnd = lineEnds[index % lineEnds.length]!;
    // A CR before an empty line that ends with LF would be one line end with it.
    const isBeforeBlank = lines[index + 1]?.pieces.length === 0;
    pieces.push({ text: lineEnd === '\r' && isBeforeBlank ? '\n' : lineEnd, mask: current.endMask });
  });
  const source = pieces.map(({ text }) => text).join('');
  return { pieces, source, masks: [...prefixes.keys()], prefixes };
}

/** What may go wrong in a document that is edited by hand or by a machine, and what a model may write. */
export const fragments = fc.constantFrom(
  ...[
    '<!--mask-->',
    '<!--/mask-->',
    '<!--mask/-->',
    '<!--mask max=3-->',
    '<!--mask',
    '-->',
    '<!--',
    '![a](mask:)',
    '](mask:',
  ],
  ...[
    '![',
    '](',
    ')',
    '[',
    ']',
    '[a]: mask:',
    '`',
    '``',
    '```\n',
    '~~~\n',
    '*',
    '**',
    '_',
    '~~',
    '\\',
    '|',
    '\n|---|\n',
    '<div>',
    '</div>',
  ],
  ...[
    '\n',
    '\n\n',
    '\r\n',
    '\r',
    '\t',
    '    ',
    '> ',
    '- ',
    '1. ',
    '# ',
    '---\n',
    '===\n',
    '&amp;',
    '\0',
    '\uD800',
    '\u2028',
    '漢',
    'a',
    ' ',
  ],
);

export const soup: fc.Arbitrary<string> = fc.array(fragments, { maxLength: 30 }).map((list) => list.join(''));

/** A document with something cut out, put in or doubled, a few times. */
export const mutatedDocuments: fc.Arbitrary<string> = fc
  .tuple(
    documents,
    fc.array(fc.tuple(fc.nat(), fc.nat(12), fragments, fc.nat(2)), { minLength: 1, maxLength: 4 }),
  )
  .map(([{ source }, edits]) =>
    edits.reduce((text, [where, length, fragment, kind]) => {
      const at = where % (text.length + 1);
      const middle = kind === 0 ? '' : kind === 1 ? fragment : text.slice(at, at + length).repeat(2);
      return text.slice(0, at) + middle + text.slice(kind === 1 ? at : at + length);
    }, source),
  );
