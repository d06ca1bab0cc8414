/** Which HTML tags of a text belong together. */
import type { Range } from '../document/index.js';
import type { InlineNode } from '../document/inline-nodes.js';
import type { Region } from '../document/regions.js';

interface Tag extends Range {
  readonly name: string;
  readonly isClosing: boolean;
}

/** A comment or an element whose text is none of the document's; or a tag. Each reaches to the end where it has none. */
const HTML =
  /<!--[^]*?(?:-->|$)|<(?:script|style|textarea)\b[^]*?(?:<\/(?:script|style|textarea)\s*>|$)|<(\/?)([a-z][^\s/>]*)((?:[^>"']+|"[^"]*(?:"|$)|'[^']*(?:'|$))*)(?:>|$)/gi;
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i;

/** The tags in `html` that open or close an element. */
function tagsIn(html: string): Tag[] {
  return [...html.matchAll(HTML)].flatMap(({ 0: whole, 1: slash, 2: name, 3: rest, index: start }) => {
    if (name === undefined || VOID.test(name) || rest?.endsWith('/')) return [];
    return [{ name: name.toLowerCase(), isClosing: slash !== '', start, end: start + whole.length }];
  });
}

/** Opening tags with their closing ones, and how many tags have no partner. */
function paired(tags: readonly Tag[]): {
  readonly pairs: readonly (readonly [Tag, Tag])[];
  readonly left: number;
} {
  const open = new Map<string, Tag[]>();
  const pairs: (readonly [Tag, Tag])[] = [];
  for (const tag of tags) {
    const same = open.get(tag.name) ?? [];
    open.set(tag.name, same);
    const opening = tag.isClosing ? same.pop() : undefined;
    if (opening) pairs.push([opening, tag]);
    else if (!tag.isClosing) same.push(tag);
  }
  return { pairs, left: tags.length - 2 * pairs.length };
}

/** Whether every element in `html` begins and ends there. */
export function holdsWholeElements(html: string): boolean {
  return paired(tagsIn(html)).left === 0;
}

/** `region` with its HTML elements as constructs that have a text, as emphasis is one. */
export function withElements(region: Region, text: string): Region {
  const tags = region.nodes
    .filter(({ kind, inAlt }) => kind === 'html' && !inAlt)
    .flatMap(({ start, end }) => tagsIn(text.slice(start, end)).map((tag) => ({ ...tag, start, end })));
  const elements = paired(tags).pairs.map(([opening, closing]): InlineNode => ({
    kind: 'emphasis',
    start: opening.start,
    end: closing.end,
    inner: { start: opening.end, end: closing.start },
    inAlt: false,
  }));
  const nodes = [...region.nodes, ...elements].sort((a, b) => a.start - b.start || b.end - a.end);
  return { ...region, nodes };
}
