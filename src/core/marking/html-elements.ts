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

/** Opening tags with their closing ones. */
function paired(tags: readonly Tag[]): (readonly [Tag, Tag])[] {
  const open = new Map<string, Tag[]>();
  const pairs: (readonly [Tag, Tag])[] = [];
  for (const tag of tags) {
    const same = open.get(tag.name) ?? [];
    open.set(tag.name, same);
    const opening = tag.isClosing ? same.pop() : undefined;
    if (opening) pairs.push([opening, tag]);
    else if (!tag.isClosing) same.push(tag);
  }
  return pairs;
}

/** Whether one of the elements in the HTML at `places` of `text` is both in `range` and out of it. */
export function cutsElement(text: string, places: readonly Range[], { start, end }: Range): boolean {
  const tags = places.flatMap((place) => tagsAt(text, place));
  const isIn = (tag: Tag): boolean => start <= tag.start && tag.end <= end;
  return paired(tags).some(([opening, closing]) => isIn(opening) !== isIn(closing));
}

function tagsAt(text: string, place: Range): Tag[] {
  return tagsIn(text.slice(place.start, place.end)).map((tag) => ({
    ...tag,
    start: place.start + tag.start,
    end: place.start + tag.end,
  }));
}

/** `region` with its HTML elements as constructs that have a text, as emphasis is one. */
export function withElements(region: Region, text: string): Region {
  const tags = region.nodes
    .filter(({ kind, inAlt }) => kind === 'html' && !inAlt)
    .flatMap((node) => tagsAt(text, node));
  const elements = paired(tags).map(([opening, closing]): InlineNode => ({
    kind: 'emphasis',
    start: opening.start,
    end: closing.end,
    inner: { start: opening.end, end: closing.start },
    inAlt: false,
  }));
  const nodes = [...region.nodes, ...elements].sort((a, b) => a.start - b.start || b.end - a.end);
  return { ...region, nodes };
}
