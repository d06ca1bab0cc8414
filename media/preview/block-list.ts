/** Rendered blocks as elements, patched so that what stays the same is not touched. */
import morphdom from 'morphdom';
import type { RenderedBlock } from '../../src/core/render/blocks.js';
import { element } from './dom.js';
import { toFragment, toNodes } from './sanitize.js';
import { say } from './strings.js';

interface Shown {
  readonly block: RenderedBlock;
  readonly node: HTMLElement;
}

/** Blocks that become elements at once, about two screens; the others follow in slices. */
const firstBlocks = 36;
/** A document of more blocks than this is long. */
const mostBlocks = 150;
/** Characters of HTML above which a block is only mentioned: a browser would be busy with it for long. */
const longestBlock = 1_000_000;
/** Blocks of one section: what is far away in a long document is laid out and painted section by section. */
const sectionSize = 48;
/** Blocks that are made into elements together. */
const blocksAtOnce = 12;
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

  /** Whether every block has its elements. */
  get isComplete(): boolean {
    return this.#empty.size === 0;
  }

  show(blocks: readonly RenderedBlock[]): void {
    const old = this.#shown;
    const most = Math.min(old.length, blocks.length);
    let first = 0;
    while (first < most && old[first]!.block.isLike(blocks[first]!)) first += 1;
    let last = 0;
    while (last < most - first && old.at(-1 - last)!.block.isLike(blocks.at(-1 - last)!)) last += 1;
    const head = old.slice(0, first).map(({ node }, index) => ({ node, block: blocks[index]! }));
    const tail = old
      .slice(old.length - last)
      .map(({ node }, index) => ({ node, block: blocks[blocks.length - last + index]! }));
    const middle = this.#patch(
      old.slice(first, old.length - last),
      blocks.slice(first, blocks.length - last),
    );
    this.#shown = [...head, ...middle, ...tail];
    this.#arrange();
    this.#onFilled([...this.#changed, ...this.#fillFirst()]);
    this.#changed = [];
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }

  /** Makes `blocks` of what `old` were. */
  #patch(old: readonly Shown[], blocks: readonly RenderedBlock[]): Shown[] {
    const unchanged = new Map<string, Shown[]>();
    for (const item of old) {
      const same = unchanged.get(item.block.html);
      if (same) same.push(item);
      else unchanged.set(item.block.html, [item]);
    }
    const reused = old.length === 0 ? [] : blocks.map(({ html }) => unchanged.get(html)?.shift());
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
    return result;
  }

  /** Puts every block into its section, in order; where it is already it stays untouched. */
  #arrange(): void {
    const isLong = this.#shown.length > mostBlocks;
    this.#root.classList.toggle('long', isLong);
    const size = isLong ? sectionSize : Infinity;
    let section = this.#root.firstElementChild;
    let at: ChildNode | null = null;
    this.#shown.forEach(({ node }, index) => {
      if (index % size === 0 || index === 0) {
        section = index === 0 ? section : (section?.nextElementSibling ?? null);
        section ??= this.#root.appendChild(element('div', { class: 'section' }));
        at = section.firstChild;
      }
      if (at === node) at = at.nextSibling;
      else section!.insertBefore(node, at);
    });
    if (this.#shown.length === 0) section?.remove();
    while (section?.nextElementSibling) section.nextElementSibling.remove();
  }

  /** Puts in what is seen first, and lets the rest follow. A long document that is new has had its work for now. */
  #fillFirst(): HTMLElement[] {
    clearTimeout(this.#timer);
    const atOnce = this.#empty.size > mostBlocks ? 0 : firstBlocks;
    const first: Shown[] = [];
    const later = new Map<HTMLElement, Shown>();
    this.#shown.forEach((item, index) => {
      if (!this.#empty.has(item.node)) return;
      if (index >= atOnce) later.set(item.node, item);
      else first.push(item);
    });
    fillBlocks(first);
    this.#empty = later;
    if (later.size > 0) this.#scheduleSlice();
    return first.map(({ node }) => node);
  }

  #scheduleSlice(): void {
    this.#timer = setTimeout(() => {
      const end = performance.now() + sliceTime;
      const filled: HTMLElement[] = [];
      while (this.#empty.size > 0 && performance.now() < end) {
        const items = firstOf(this.#empty.values(), blocksAtOnce);
        fillBlocks(items);
        for (const { node } of items) {
          filled.push(node);
          this.#empty.delete(node);
        }
      }
      this.#onFilled(filled);
      if (this.#empty.size > 0) this.#scheduleSlice();
    });
  }
}

function firstOf<Item>(items: Iterable<Item>, count: number): Item[] {
  const taken: Item[] = [];
  for (const item of items) {
    if (taken.length >= count) break;
    taken.push(item);
  }
  return taken;
}

function fillBlocks(items: readonly Shown[]): void {
  const size = items.reduce((sum, { block }) => sum + block.html.length, 0);
  const contents =
    size <= longestBlock
      ? toNodes(items.map(({ block }) => block.html))
      : items.map(({ block }) => [contentOf(block.html)]);
  items.forEach(({ node }, index) => {
    node.replaceChildren(...contents[index]!);
  });
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
