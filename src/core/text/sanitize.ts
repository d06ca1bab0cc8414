/**
 * Model output is untrusted: before it reaches a document or a preview, everything in it is neutralised that could do
 * more than be read. What plain words there are survive.
 *
 * The result must be harmless *wherever* it is inserted, so nothing depends on how the text would parse on its own:
 * an inline result may stand in the middle of a code span, a link or an alt text that began before it. Hence escapes
 * apply in inline code as well, where they show.
 */
import { removeInvisible } from './invisible.js';

/** As in `SpanSegment`: whole blocks, a stretch of one line, or such a stretch in a table cell. */
export type TextForm = 'block' | 'inline' | 'cell';

/**
 * Neutralises marks, HTML, comments, links to other schemes than http, https and mailto, images, reference
 * definitions, entities that hide characters, invisible characters, and fences that would swallow what follows. An
 * inline text is made one line and opens no fence and no table. Sanitising a sanitised text changes nothing.
 */
export function sanitizeModelText(text: string, form: TextForm): string {
  const visible = removeInvisible(text);
  return form === 'block' ? sanitizeBlocks(visible) : sanitizeInline(visible, form);
}

function sanitizeInline(text: string, form: 'inline' | 'cell'): string {
  let line = escapeProse(withoutFinalBackslash(inOneLine(text)), true);
  // Behind a `]` of the author's, a destination or a definition.
  line = line.replace(
    /^\s*(?:\((?=\s*(?:[^\s()]*[:&\\]|\/\/))|:)/,
    (start) => `${start.slice(0, -1)}\\${start.at(-1)!}`,
  );
  // A line of these alone is the delimiter row of a table, or makes a heading of the line before.
  if (/^\s*[-:|=][-:|=\s]*$/.test(line)) line = line.replace(/[-:|=]/, '\\$&');
  if (form === 'cell') line = line.replace(/(?<!\\)\|/g, '\\|');
  return line;
}

function inOneLine(text: string): string {
  const [first, ...rest] = text.split('\n');
  const last = rest.pop();
  if (last === undefined) return text;
  const between = rest.map((line) => line.trim()).filter((line) => line !== '');
  return [first!.trimEnd(), ...between, last.trimStart()].join(' ');
}

/** A backslash at the end would escape what follows the span. */
function withoutFinalBackslash(line: string): string {
  let end = line.length;
  let lastBackslash = end;
  while (end > 0 && /[\\\s]/.test(line[end - 1]!)) {
    end -= 1;
    if (line[end] === '\\') lastBackslash = end;
  }
  return lastBackslash === line.length ? line : line.slice(0, lastBackslash);
}

/**
 * Fenced code is kept where it begins at the margin: there it cannot be inside a list or a quote, so that where it
 * ends is certain. A fence that is not closed gets its end; other runs of fence characters are escaped.
 */
function sanitizeBlocks(text: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of withoutFrontMatter(text).split('\n')) {
    const opener: string | undefined = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0];
    if (fence !== undefined) {
      lines.push(line.replaceAll('<!--', '&lt;!--'));
      if (closes(line, fence)) fence = undefined;
    } else if (opener !== undefined) {
      fence = opener;
      lines.push(opener + (/^\s*[\w.+#-]+/.exec(line.slice(opener.length))?.[0] ?? ''));
    } else {
      lines.push(escapeProse(line, false));
    }
  }
  if (fence !== undefined) {
    if (lines.at(-1) === '') lines.pop();
    lines.push(fence);
  }
  return lines.join('\n');
}

/** A rule of dashes that begins a document would make front matter of all up to the next one; stars make the same rule. */
function withoutFrontMatter(text: string): string {
  return text.replace(/^((?:[ \t]*\n)* {0,3})-{3,}(?=[ \t]*(?:\n|$))/, '$1***');
}

function closes(line: string, fence: string): boolean {
  const run = /^ {0,3}(`+|~+)[ \t]*$/.exec(line)?.[1];
  return run !== undefined && run[0] === fence[0] && run.length >= fence.length;
}

/** `joined`: the text stands in a line, so that its ends touch what the author wrote. */
function escapeProse(line: string, joined: boolean): string {
  const text = line
    .replace(hiddenCharacter, '&amp;')
    // Marks, tags, comments, declarations and autolinks begin so; the last `<` may meet a letter of the author's.
    .replace(joined ? /<(?!\s+\S|[\d=-])/g : /<(?=[a-z/!?])/gi, '&lt;')
    .replaceAll('-->', '--&gt;')
    .replace(/`{3,}|~{3,}/g, (run) => `\\${run[0]!}`.repeat(run.length));
  return escapeBrackets(text, joined);
}

// Entities may spell any character, invisible ones too; only those that writers use stay.
const hiddenCharacter =
  /&(?=#|(?!(?:amp|lt|gt|quot|apos|nbsp|deg|frac12|frac14|frac34|times|ndash|mdash|hellip|copy|reg|euro|pound);)[a-z][a-z\d]*;)/gi;

const label = String.raw`[^\\[\]\x60]*`;
// http, https and mailto, or a relative path: nothing before its first / ? # that could spell a scheme, no // or \
// that would name a host. Entities and escapes would be undone after this check, so a path may hold none.
const destination = [
  String.raw`https?:\/\/[^\s()<>\\\x60|"]+`,
  String.raw`mailto:[\w.+-]+@[\w.-]+`,
  String.raw`(?!\/\/)[^\s()<>\\\x60|":&]*`,
].join('|');
const brackets = new RegExp(
  [
    String.raw`(?<escape>\\[^])`,
    String.raw`(?<link>\[${label}\]\((?:${destination})\))`,
    // A reference, which is text unless the author has defined it; followed by these it would be something else.
    String.raw`(?<reference>\[${label}\](?![(:[]))`,
    String.raw`!?\[|\]`,
  ].join('|'),
  'gi',
);

/**
 * Escapes every bracket that is not part of a plain link, so that no image, no definition and no other link can come
 * out, whatever brackets the author has put around.
 */
function escapeBrackets(text: string, joined: boolean): string {
  const first = text.search(/\S/);
  const last = text.trimEnd().length;
  return text.replace(brackets, (match: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Partial<Record<'escape' | 'link' | 'reference', string>>;
    const offset = rest.at(-3) as number;
    if (groups.escape !== undefined) return match;
    // Joined to a `!` before it or a `(` behind it, even a plain pair would change its meaning.
    const touchesStart = joined && offset === first;
    const touchesEnd = joined && offset + match.length === last;
    const plain = groups.link !== undefined || (groups.reference !== undefined && !touchesEnd);
    if (plain && !touchesStart) return match;
    return match.replace(/[[\]]/g, '\\$&');
  });
}
