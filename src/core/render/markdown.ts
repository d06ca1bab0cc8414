/**
 * Markdown to HTML that is safe to show: raw HTML is text, links go only where `isFollowable` allows, and a picture
 * is shown only when its bytes were passed in.
 */
import type { RendererRule } from 'markdown-it';
import { escapeHtml } from './escape.js';
import { blankFrontMatter, createParser } from './parser.js';
import { changedLines, markBlocks, placeStretches } from './stretch-elements.js';
import { neutralize, prepareText, type Stretch, withoutSentinels } from './stretches.js';

/** A stretch of the source to mark in the result, in UTF-16 units. */
export interface Highlight {
  readonly start: number;
  readonly end: number;
  /** Whole lines rather than a stretch inside one. */
  readonly block: boolean;
}

export interface RenderOptions {
  /** `data:` URI of each picture to show, by its destination as `listPictures` gives it. */
  readonly pictures?: ReadonlyMap<string, string>;
  /** In order and apart from each other. */
  readonly highlights?: readonly Highlight[];
}

/** The destinations of the pictures of `source`, in order, percent-encoded as the renderer sees them. */
export function listPictures(source: string): string[] {
  const pictures: string[] = [];
  const pending = createParser().parse(blankFrontMatter(source), {}).reverse();
  for (let token = pending.pop(); token; token = pending.pop()) {
    if (token.type === 'image') pictures.push(String(token.attrGet('src') ?? ''));
    for (const child of token.children?.reverse() ?? []) pending.push(child);
  }
  return pictures;
}

/** Renders `source` as the body of a page. */
export function renderMarkdown(source: string, options: RenderOptions = {}): string {
  const { pictures = new Map<string, string>(), highlights = [] } = options;
  const clean = neutralize(blankFrontMatter(source));
  const changes = highlights
    .filter(({ start, end }) => end > start)
    .map(({ start, end, block }): Stretch => ({
      id: '',
      kind: 'change',
      form: block ? 'block' : 'inline',
      range: { start, end },
    }));
  const render = (stretches: readonly Stretch[]): string => {
    const { text, blockChanges } = prepareText(clean, stretches);
    const lines = changedLines(text, blockChanges);
    const parser = createParser();
    parser.core.ruler.push('mark_blocks', ({ tokens }) => {
      markBlocks(tokens, lines);
    });
    parser.core.ruler.push('place_stretches', placeStretches);
    parser.renderer.rules['image'] = renderPicture(pictures);
    return withoutSentinels(parser.render(text));
  };
  const plain = render(changes.filter(({ form }) => form === 'block'));
  if (changes.every(({ form }) => form === 'block')) return plain;
  const marked = render(changes);
  // A sentinel beside `_` can undo an emphasis. A highlight must never change what the document says.
  return marked.replaceAll(/<mark class="oneflow">|<\/mark>/g, '') === plain ? marked : plain;
}

function renderPicture(pictures: ReadonlyMap<string, string>): RendererRule {
  return (tokens, index, options, env, renderer) => {
    const token = tokens[index]!;
    const alt = escapeHtml(renderer.renderInlineAsText(token.children ?? [], options, env));
    const uri = pictures.get(String(token.attrGet('src') ?? ''));
    return uri === undefined
      ? `<span class="picture-missing" role="img" aria-label="${alt}">${alt}</span>`
      : `<img src="${escapeHtml(uri)}" alt="${alt}">`;
  };
}
