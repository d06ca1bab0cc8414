/** Rendered blocks as elements, patched so that what stays the same is not touched. */
import morphdom from 'morphdom';
import type { RenderedBlock } from '../../src/core/render/blocks.js';
import { element } from './dom.js';
import { toFragment } from './sanitize.js';
import { say } from './strings.js';

interface Shown {
  readonly block: RenderedBlock;
  readonly node: HTMLElement;
}

/** Blocks that become elements at once; of a longer document the others follow in slices. */
const firstBlocks = 150;
/** Characters of HTML above which a block is only mentioned: a browser would be busy with it for long. */
const longestBlock = 1_000_000;
/** Milliseconds of one slice: short enough that nothing is felt. */
const sliceTime = 8;

/**
 * The children of `root`. Of a long document the blocks after the first ones are put in while nothing else is to be
 * done; `onFilled` is told of the blocks whose elements are others now.
 */
export class BlockList {
  readonly #root: HTMLElement;
  readonly #onFilled: (blocks: readonly HTMLElement[]) => void;
  #shown: readonly Shown[] = [];
  /** Blocks without their elements yet, by node. */
  #empty = new Map<HTMLElement, Shown>();
  /** Blocks that the patch at hand has changed. */
  #changed: HTMLElement[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, onFilled: (blocks: readonly HTMLElement[]) => void) {
    this.#root = root;
    this.#onFilled = onFilled;
  }

  get items(): readonly Shown[] {
    return this.#shown;
  }

  show(blocks: readonly RenderedBlock[]): void {
    const old = this.#shown;
    const most = Math.min(old.length, blocks.length);
    let first = 0;
    while (first < most && old[first]!.block.html === blocks[first]!.html) first += 1;
    let last = 0;
    while (last < most - first && old.at(-1 - last)!.block.html === blocks.at(-1 - last)!.html) last += 1;
    const head = old.slice(0, first).map(({ node }, index) => ({ node, block: blocks[index]! }));
    const tail = old
      .slice(old.length - last)
      .map(({ node }, index) => ({ node, block: blocks[blocks.length - last + index]! }));
    const middle = this.#patch(
      old.slice(first, old.length - last),
      blocks.slice(first, blocks.length - last),
      tail[0]?.node ?? null,
    );
    this.#shown = [...head, ...middle, ...tail];
    this.#root.classList.toggle('long', this.#shown.length > firstBlocks);
    this.#onFilled([...this.#changed, ...this.#fillFirst()]);
    this.#changed = [];
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Puts `blocks` in the place of `old`, before `next`. */
  #patch(old: readonly Shown[], blocks: readonly RenderedBlock[], next: Node | null): Shown[] {
    const unchanged = new Map<string, Shown[]>();
    for (const item of old) {
      const same = unchanged.get(item.block.html);
      if (same) same.push(item);
      else unchanged.set(item.block.html, [item]);
    }
    const reused = blocks.map(({ html }) => unchanged.get(html)?.shift());
    const kept = new Set(reused);
    const spare = old.filter((item) => !kept.has(item)).reverse();
    const result = blocks.map((block, index): Shown => {
      const same = reused[index];
      if (same) return { block, node: same.node };
      const node = spare.pop()?.node;
      const item = { block, node: node ?? element('div', { class: 'block' }) };
      if (node && !this.#empty.has(node)) {
        morphBlock(node, block.html);
        this.#changed.push(node);
      } else this.#empty.set(item.node, item);
      return item;
    });
    for (const { node } of spare) node.remove();
    let at: Node | null = next;
    for (const { node } of result.toReversed()) {
      if (node.nextSibling !== at || node.parentNode !== this.#root) this.#root.insertBefore(node, at);
      at = node;
    }
    return result;
  }

  /** Puts in what is seen first, and lets the rest follow. */
  #fillFirst(): HTMLElement[] {
    clearTimeout(this.#timer);
    const filled: HTMLElement[] = [];
    const later = new Map<HTMLElement, Shown>();
    this.#shown.forEach((item, index) => {
      if (!this.#empty.has(item.node)) return;
      if (index >= firstBlocks) later.set(item.node, item);
      else {
        fillBlock(item);
        filled.push(item.node);
      }
    });
    this.#empty = later;
    if (later.size > 0) this.#scheduleSlice();
    return filled;
  }

  #scheduleSlice(): void {
    this.#timer = setTimeout(() => {
      const end = performance.now() + sliceTime;
      const filled: HTMLElement[] = [];
      for (const [node, item] of this.#empty) {
        if (performance.now() >= end) break;
        fillBlock(item);
        filled.push(node);
        this.#empty.delete(node);
      }
      this.#onFilled(filled);
      if (this.#empty.size > 0) this.#scheduleSlice();
    });
  }
}

function fillBlock({ node, block }: Shown): void {
  node.replaceChildren(contentOf(block.html));
}

function contentOf(html: string): Node {
  if (html.length <= longestBlock) return toFragment(html);
  return element('p', { class: 'empty' }, say('blockTooLong', Math.round(html.length / 1e6)));
}

function morphBlock(node: HTMLElement, html: string): void {
  const wanted = element('div', { class: 'block' });
  wanted.append(contentOf(html));
  morphdom(node, wanted, {
    childrenOnly: true,
    onBeforeElUpdated: (from, to) => {
      if (from.isEqualNode(to)) return false;
      // What is in a hole is put there by the page, not by the rendering.
      const isSameHole = from.dataset['hole'] !== undefined && from.dataset['hole'] === to.dataset['hole'];
      return !isSameHole;
    },
  });
}
