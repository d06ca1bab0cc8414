import { describe, expect, it } from 'vitest';
import { insertImageSlot } from '../../../../src/core/marking/index.js';
import { inFull, inShort, shown, withSelection } from './helpers.js';

function withSlot(marked: string, alt = 'pic'): string {
  const { source, range } = withSelection(inFull(marked));
  return inShort(shown(source, insertImageSlot(source, range.start, alt)));
}

const SLOT = '![«pic»](mask:)';

describe('Insert Image Slot', () => {
  it.each([
    ['on a blank line', 'a\n\n«»\nb\n', `a\n\n${SLOT}\n\nb\n`],
    ['on the only blank line between paragraphs', 'a\n«»\nb\n', `a\n\n${SLOT}\n\nb\n`],
    ['at the end of a document', 'a\n«»', `a\n\n${SLOT}\n`],
    ['behind a paragraph', 'a b«»\n\nc\n', `a b\n\n${SLOT}\n\nc\n`],
    ['behind the last word of a document', 'a b«»', `a b\n\n${SLOT}`],
    ['behind a heading that text follows', '# a«»\nb\n', `# a\n\n${SLOT}\n\nb\n`],
    ['behind an item’s text', '1. a«»\n2. b\n', `1. a\n\n   ${SLOT}\n\n2. b\n`],
    ['behind a paragraph of a quote', '> a«»\n>\n> b\n', `> a\n>\n> ${SLOT}\n>\n> b\n`],
    ['on a blank line of a quote', '> a\n>«»\n> b\n', `> a\n>\n> ${SLOT}\n>\n> b\n`],
    ['before a paragraph', 'a\n\n«»b\n', `a\n\n${SLOT}\n\nb\n`],
    ['before own-line marks', '> a\n>\n> «»{\n> b\n> }\n', `> a\n>\n> ${SLOT}\n>\n> {\n> b\n> }\n`],
    ['before own-line marks below text', 'a\n«»{}\n', `a\n\n${SLOT}\n\n{}\n`],
    ['behind own-line marks', '{\na\n}«»\n# b', `{\na\n}\n\n${SLOT}\n\n# b`],
    ['behind own-line marks of a quote', '> {\n> a\n> }«»', `> {\n> a\n> }\n>\n> ${SLOT}`],
    ['behind an empty own-line mask', '{}«»\n', `{}\n\n${SLOT}\n`],
    ['behind front matter', '---\na: b\n---\n«»', `---\na: b\n---\n${SLOT}\n`],
    ['behind front matter without a line end', '---\r\na: b\r\n---«»', `---\r\na: b\r\n---\r\n${SLOT}\r\n`],
    ['in a document with a byte order mark', '\uFEFF«»', `\uFEFF${SLOT}\n`],
    ['in an empty item', '- a\n- «»\n- b\n', `- a\n- ${SLOT}\n- b\n`],
    ['in an item without a space', '1.«»', `1. ${SLOT}`],
    ['in an empty item of a quote', '> * «»\n', `> * ${SLOT}\n`],
    ['in an empty item of an item', '- - «»\n', `- - ${SLOT}\n`],
    ['behind a thematic break', 'a\n\n---«»\nb\n', `a\n\n---\n\n${SLOT}\n\nb\n`],
    ['before a thematic break', '«»---\n', `${SLOT}\n\n---\n`],
    ['behind code', '> ```\n> a\n> ```«»\n', `> \`\`\`\n> a\n> \`\`\`\n>\n> ${SLOT}\n`],
    ['before indented code', 'a\n\n    «»b\n', `a\n\n${SLOT}\n\n    b\n`],
    ['behind HTML', '<div>\n</div>«»', `<div>\n</div>\n\n${SLOT}`],
    ['in a document with CRLF', 'a«»\r\n', `a\r\n\r\n${SLOT}\r\n`],
    [
      'behind a picture that is to be redrawn',
      '{\n![a](b.png)«»\n}\n# c',
      `{\n![a](b.png)\n}\n\n${SLOT}\n\n# c`,
    ],
    [
      'behind one that the cursor is before',
      '> {\n> «»![a](b.png)\n> }',
      `> {\n> ![a](b.png)\n> }\n>\n> ${SLOT}`,
    ],
  ])('makes a block of its own %s', (_where, before, after) => {
    expect(withSlot(before)).toBe(after);
  });

  it.each([
    ['between words', 'a «»b c', `a ${SLOT} b c`],
    ['behind a word', 'a«» b c', `a ${SLOT} b c`],
    ['within a word', 'a b«»b c', `a bb ${SLOT} c`],
    ['before an item’s text', '- «»a b\n', `- ${SLOT} a b\n`],
    ['below the label of a callout', '> [!NOTE]\n> «»a b\n', `> [!NOTE]\n> ${SLOT} a b\n`],
    ['behind a mask', 'a {b}«» c', `a {b} ${SLOT} c`],
    ['behind an empty mask', 'a {}«» c', `a {} ${SLOT} c`],
    ['at the end of a mask', 'a {b«»} c', `a {b ${SLOT}} c`],
    ['in an entity, behind it', 'a &am«»p; b', `a &amp; ${SLOT} b`],
    ['in an escape, behind it', 'a \\«»*b* c', `a \\* ${SLOT} b* c`],
    ['before a hard break', 'a\\«»\nb', `a ${SLOT}\\\nb`],
    ['before spaces that break the line', 'a  «»\nb', `a ${SLOT}  \nb`],
    ['in emphasis', 'a **b«» c** d', `a **b ${SLOT} c** d`],
    ['at the end of emphasis', '- **Sal«»t**: a\n', `- **Salt ${SLOT}**: a\n`],
    ['in the closer of emphasis, behind it', 'a **b*«»* c', `a **b** ${SLOT} c`],
    ['at the start of emphasis', 'a _«»b_ c', `a _${SLOT} b_ c`],
    ['behind emphasis that it would undo', 'a **b«»**c d', `a **b** ${SLOT} c d`],
    ['behind emphasis of a script without spaces', '漢**字«»**漢', `漢**字** ${SLOT}漢`],
    ['in brackets', 'a («»b) [c«»](d)', `a (${SLOT} b) [c](d)`],
    ['in a link', 'a [b«»](c) d', `a [b ${SLOT}](c) d`],
    ['behind an opening quote', 'a “«»b” c', `a “${SLOT} b” c`],
    ['before a closing quote', 'a "b«»" c', `a "b ${SLOT}" c`],
    ['in a cell', '| a |\n|---|\n| «» |\n', `| a |\n|---|\n| ${SLOT} |\n`],
  ])('stands among words %s', (_where, before, after) => {
    expect(withSlot(before)).toBe(after);
  });

  it('keeps what the alt text says', () => {
    expect(withSlot('«»', ' a [big]\nbowl | `x` <!--mask--> ')).toBe(
      '![«a \\[big\\] bowl \\| \\`x\\` \\{»](mask:)\n',
    );
    expect(withSlot('«»', '')).toBe('![«»](mask:)\n');
  });

  it.each([
    ['in front matter', '---\n«»a: b\n---\n'],
    ['in code', '```\na«»\n```\n'],
    ['behind code without an end', '```\na«»'],
    ['in the line under a table’s head', '| a |\n|-«»--|\n| b |\n'],
  ])('refuses %s', (_where, before) => {
    expect(withSlot(before)).toMatch(/^refused/);
  });
});
