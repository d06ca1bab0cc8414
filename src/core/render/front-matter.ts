/** Replaces YAML front matter by spaces, so that it is not shown and every offset and line stays what it was. */
export function blankFrontMatter(source: string): string {
  const matter = /^\uFEFF?---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\.\.\.)[ \t]*(?=\r?\n|$)/.exec(source)?.[0];
  return matter === undefined ? source : matter.replaceAll(/[^\r\n]/g, ' ') + source.slice(matter.length);
}
