/** Characters that a reader cannot see but a computer obeys. */

const lineEnd = /\r\n?|[\u0085\u2028\u2029]/g;

// Controls (C0, C1), format characters (bidirectional controls, zero-width spaces, soft hyphens, tags), lone
// surrogates, all that Unicode calls ignorable by default (fillers, variation selectors), noncharacters, and the
// replacement character that stands for broken bytes. Of these, LF and tab stay, and what emoji are made of: the
// variation selector after one, and the joiner between two.
const unseen = new RegExp(
  [
    '(?![\\n\\t])',
    '(?!(?<=[\\p{Emoji}\\p{Extended_Pictographic}])[\\ufe0e\\ufe0f])',
    '(?!(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?)\\u200d\\p{Extended_Pictographic})',
    '[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Default_Ignorable_Code_Point}\\p{Noncharacter_Code_Point}\\ufffd]',
  ].join(''),
  'gu',
);

/** Takes invisible characters out. All line ends become LF. */
export function removeInvisible(text: string): string {
  return text.replace(lineEnd, '\n').replace(unseen, '');
}
