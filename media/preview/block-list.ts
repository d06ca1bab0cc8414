/** Rendered blocks as elements, patched so that what stays the same is not touched. */
import morphdom from 'morphdom';
import type { RenderedBlock } from '../../src/core/render/blocks.js';
import { element } from './dom.js';
import { toFragment } from './sanitize.js';

interface Shown {
  readonly block: RenderedBlock;
  readonly node: HTMLElement;
}

/** Blocks that become elements at once; of a longer document the others follow in slices. */
const firstBlocks = 150;
/** Milliseconds of one slice: short enough that nothing is felt. */
const sliceTime = 8;

/**
 * The children of `root`. Of a long document the blocks after the first ones are put in while nothing else is to be
 * done; `onFilled` is called whenever elements have come or gone.
 */
export class BlockList {
  readonly #root: HTMLElement;
  readonly #onFilled: () => void;
  #shown: readonly Shown[] = [];
  #empty: Shown[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(root: HTMLElement, onFilled: () => void) {
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
    this.#fillEmpty();
    this.#onFilled();
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
    const spare = old.filter((item) => !reused.includes(item));
    const result = blocks.map((block, index): Shown => {
      const same = reused[index];
      if (same) return { block, node: same.node };
      const changed = spare.shift();
      const item = { block, node: changed?.node ?? element('div', { class: 'block' }) };
      if (changed && !this.#empty.includes(changed)) morphBlock(item.node, block.html);
      else this.#empty.push(item);
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

  #fillEmpty(): void {
    clearTimeout(this.#timer);
    const shown = new Map(this.#shown.map((item, index) => [item.node, { item, index }]));
    // A block may have been replaced again before its turn came.
    this.#empty = [...new Set(this.#empty.map(({ node }) => node))].flatMap((node) => {
      const found = shown.get(node);
      if (!found) return [];
      if (found.index >= firstBlocks) return [found.item];
      fillBlock(found.item);
      return [];
    });
    if (this.#empty.length > 0) this.#scheduleSlice();
  }

  #scheduleSlice(): void {
    this.#timer = setTimeout(() => {
      const end = performance.now() + sliceTime;
      while (this.#empty.length > 0 && performance.now() < end) fillBlock(this.#empty.shift()!);
      this.#onFilled();
      if (this.#empty.length > 0) this.#scheduleSlice();
    });
  }
}

function fillBlock({ node, block }: Shown): void {
  node.replaceChildren(toFragment(block.html));
}

function morphBlock(node: HTMLElement, html: string): void {
  const wanted = element('div', { class: 'block' });
  wanted.append(toFragment(html));
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
