// The README as the extension's page in VS Code shows it: that page resolves no relative addresses.
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

const types = { '.png': 'image/png', '.webp': 'image/webp', '.gif': 'image/gif' };

const code = String.raw`^\x60{3}[^]*?^\x60{3}|(\x60+)[^]*?\1`;
const relative = String.raw`(?!#|[a-z][a-z\d+.-]*:)[^()\s]+`;
const pictures = new RegExp(String.raw`${code}|!\[(?<alt>[^\[\]]*)\]\((?<address>${relative})\)`, 'gim');
const links = new RegExp(
  String.raw`${code}|(?<!!)\[(?<text>(?:[^\[\]]|\[[^\[\]]*\])*)\]\(${relative}\)`,
  'gim',
);

/**
 * Puts the pictures of the repository into the text, and leaves of links into the repository their text.
 * @param {string} markdown
 * @param {string} root the folder that relative addresses start from
 */
export function galleryReadme(markdown, root) {
  return replace(
    replace(markdown, links, ({ text }) => text),
    pictures,
    ({ alt, address }) =>
      address === undefined ? undefined : `![${alt}](${dataAddress(join(root, address))})`,
  );
}

/** Replaces what matches with what `by` makes of its named groups; what it makes nothing of, code, stays. */
function replace(markdown, pattern, by) {
  return markdown.replace(pattern, (match, ...rest) => by(rest.at(-1)) ?? match);
}

function dataAddress(file) {
  const type = types[extname(file)];
  if (type === undefined)
    throw new Error(`README.md shows ${file}: the gallery takes ${Object.keys(types).join(', ')}.`);
  return `data:${type};base64,${readFileSync(file).toString('base64')}`;
}
