/** Makes results fit where they go, so that nothing around them changes its meaning. */
import { InlineScanner } from './inline-nodes.js';
import { isEscaped } from './mark-scan.js';

export interface InlinePlace {
  /** In a table cell. */
  readonly inCell: boolean;
  /** The first thing on its line, where `# ` would begin a heading. */
  readonly beginsLine: boolean;
  /** In the text of a link, which a link in it would take apart. */
  readonly noLinks: boolean;
  /** In emphasis or beside some, which emphasis in it may end. */
  readonly noEmphasis: boolean;
}

// What would begin another block at the start of a line: heading, quote, list, tilde fence, thematic break, setext
// underline, delimiter row of a table, link reference definition, TOML front matter.
const BLOCK_START =
  /^(?:#{1,6}(?=[ \t]|$)|>|[-+*](?=[ \t]|$)|~~~|\[(?=[^\]]*\]:)|=+$|[-:|][-:| \t]*$|\+\+\+$|([-_*])(?:[ \t]*\1){2,}[ \t]*$)|^(\d{1,9})(?=[.)](?:[ \t]|$))/;

/**
 * `text` for an inline span: one line, trimmed; comments, backticks and emphasis without a partner escaped, so that they
 * find none outside; links and emphasis escaped where the place allows none, and `|` in a cell; no backslash at the end,
 * which would escape what follows.
 */
export function fitInline(text: string, { inCell, beginsLine, noLinks, noEmphasis }: InlinePlace): string {
  const line = text
    .split(/[\r\n]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .join(' ');
  const escaped = escapeOutsideCode(withoutFinalBackslashes(line), noLinks);
  const safe = escapeEmphasis(escaped, noEmphasis);
  const started = beginsLine ? safe.replace(BLOCK_START, escapeStart) : safe;
  return inCell ? started.replace(/\\?\|/g, '\\|') : started;
}

function withoutFinalBackslashes(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\\') end--;
  return line.slice(0, end).trimEnd();
}

function escapeStart(start: string, _rule: string | undefined, number: string | undefined): string {
  return number === undefined ? `\\${start}` : `${start}\\`;
}

/** Escapes backticks that open no code span and, outside code spans, the beginnings of comments and, if asked, brackets. */
function escapeOutsideCode(line: string, withBrackets: boolean): string {
  let result = '';
  const lastRun = lastRuns(line);
  for (let at = 0; at < line.length;) {
    const char = line[at]!;
    if (char === '\\') {
      result += line.slice(at, at + 2);
      at += 2;
    } else if (char === '`') {
      let run = 1;
      while (line[at + run] === '`') run++;
      const close = (lastRun.get(run) ?? -1) > at ? findRun(line, run, at + run) : -1;
      result += close < 0 ? '\\`'.repeat(run) : line.slice(at, close + run);
      at = close < 0 ? at + run : close + run;
    } else if (line.startsWith('<!--', at)) {
      result += '\\<!--';
      at += 4;
    } else if (withBrackets && (char === '[' || char === ']')) {
      result += `\\${char}`;
      at++;
    } else {
      result += char;
      at++;
    }
  }
  return result;
}

const scanner = new InlineScanner({});

/** Escapes emphasis that has no partner, or all. */
function escapeEmphasis(line: string, all: boolean): string {
  if (!/[*_]|~~/.test(line)) return line;
  const isUsed = new Uint8Array(line.length);
  for (const { kind, start, end, inner } of scanner.scan(line)) {
    if (all && kind === 'emphasis') continue;
    const holdsText = kind === 'emphasis' || kind === 'link' || kind === 'image';
    isUsed.fill(1, start, holdsText ? inner.start : end);
    if (holdsText) isUsed.fill(1, inner.end, end);
  }
  return line.replace(/[*_]|~~+/g, (run, at: number) => {
    const around = (line[at - 1] ?? '*') + (line[at + run.length] ?? '*');
    // Neither opens nor closes anything: white space on both sides, or an underscore within a word.
    const isPlain = /^\s\s$/.test(around) || (run === '_' && /^[\p{L}\p{N}]{2}$/u.test(around));
    return isUsed[at] || isPlain || isEscaped(line, at) ? run : `\\${run.split('').join('\\')}`;
  });
}

/** By length: where the last run of so many backticks begins. */
function lastRuns(line: string): ReadonlyMap<number, number> {
  return new Map([...line.matchAll(/`+/g)].map((match) => [match[0].length, match.index]));
}

function findRun(line: string, length: number, from: number): number {
  for (let at = line.indexOf('`', from); at >= 0;) {
    let end = at;
    while (line[end] === '`') end++;
    if (end - at === length) return at;
    at = line.indexOf('`', end);
  }
  return -1;
}
