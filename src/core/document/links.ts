/** Where the links and pictures of a document lead, with their places. */
import { placeOf } from './lines.js';
import { nodesWithDestination } from './pictures.js';
import { readMarks } from './reading.js';
import type { Place } from './types.js';

export interface PlacedLink extends Place {
  readonly kind: 'link' | 'picture';
  /** As the author means it, escapes and entities resolved. */
  readonly destination: string;
}

/** In document order; front matter, code and HTML have none. */
export function linksOf(source: string): PlacedLink[] {
  const { document, lines } = readMarks(source);
  const links: PlacedLink[] = [];
  for (const { node } of nodesWithDestination(document, (text) => text.includes('['))) {
    if (node.inAlt) continue;
    const place = placeOf(lines, document.free.toSource(node.start, 'after'));
    const kind = node.kind === 'image' ? 'picture' : 'link';
    links.push({ kind, destination: node.destination!.text, ...place });
  }
  return links;
}
