/**
 * While a run is on, blocks with holes may grow but not shrink, and tables keep their columns. A block that grows unfolds,
 * so that what stands below glides rather than jumps.
 */

import { isStill } from './motion.js';

/** Milliseconds. */
const glideTime = 220;
/** Pixels by which a block unfolds in a frame: three and more count as a jump (Layout Instability API). */
const unfolding = 2.5;

export class Glide {
  readonly #heights = new Map<HTMLElement, number>();
  readonly #observer: ResizeObserver;
  /** Pixels of blocks that are still folded. */
  readonly #folded = new Map<HTMLElement, number>();
  #frame: number | undefined;

  constructor() {
    // For what grows by itself, as when a font comes: called between layout and paint.
    this.#observer = new ResizeObserver((entries) => {
      this.#compare(entries.map(({ target }) => target as HTMLElement));
    });
  }

  /**
   * Holds these blocks at least at the height they have; those held before are let go unless they are among them. To be
   * called when they have been written: what has grown is folded before it is laid out for the screen.
   */
  hold(blocks: readonly HTMLElement[]): void {
    this.#compare([...this.#heights.keys()]);
    const wanted = new Set<Element>(blocks);
    const released = [...this.#heights.keys()].filter((block) => !wanted.has(block));
    if (released.length > 0) {
      this.#gliding(released[0]!.parentElement?.parentElement, () => {
        released.forEach((block) => {
          this.#release(block);
        });
      });
    }
    const added = blocks.filter((block) => !this.#heights.has(block));
    for (const block of added) for (const table of block.querySelectorAll('table')) holdColumns(table);
    const heights = added.map((block) => block.getBoundingClientRect().height);
    added.forEach((block, index) => {
      this.#heights.set(block, heights[index]!);
      block.style.minHeight = `${heights[index]!}px`;
      this.#observer.observe(block);
    });
  }

  dispose(): void {
    this.#observer.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
  }

  #compare(blocks: readonly HTMLElement[]): void {
    const heights = blocks.map((block) => block.getBoundingClientRect().height);
    blocks.forEach((block, index) => {
      this.#grow(block, heights[index]!);
    });
  }

  #grow(block: HTMLElement, now: number): void {
    const before = this.#heights.get(block);
    if (before === undefined || Math.abs(now - before) < 0.5) return;
    this.#heights.set(block, now);
    block.style.minHeight = `${now}px`;
    if (now < before || isStill()) return;
    this.#fold(block, (this.#folded.get(block) ?? 0) + now - before);
    this.#frame ??= requestAnimationFrame(this.#unfold);
  }

  readonly #unfold = (): void => {
    for (const [block, pixels] of this.#folded) this.#fold(block, pixels - unfolding);
    this.#frame = this.#folded.size > 0 ? requestAnimationFrame(this.#unfold) : undefined;
  };

  /** Hides the last `pixels` of a block, and takes no room for them. */
  #fold(block: HTMLElement, pixels: number): void {
    const isFolded = pixels > 0;
    if (isFolded) this.#folded.set(block, pixels);
    else this.#folded.delete(block);
    block.style.marginBottom = isFolded ? `${-pixels}px` : '';
    block.style.clipPath = isFolded ? `inset(0 0 ${pixels}px)` : '';
  }

  #release(block: HTMLElement): void {
    this.#heights.delete(block);
    this.#observer.unobserve(block);
    block.style.minHeight = '';
    for (const table of block.querySelectorAll('table')) freeColumns(table);
  }

  /** Does something that moves the blocks of `article`, and lets those in view glide to where they are then. */
  #gliding(article: HTMLElement | null | undefined, change: () => void): void {
    const top = (child: Element): number => child.getBoundingClientRect().top;
    const isInView = (child: Element): boolean => {
      const rect = child.getBoundingClientRect();
      return rect.top < window.innerHeight && rect.bottom > 0;
    };
    const sections = isStill() ? [] : [...(article?.children ?? [])].filter(isInView);
    const inView = sections
      .flatMap(({ children }) => [...children].filter(isInView))
      .map((child) => ({ child, before: top(child) }));
    change();
    for (const { child, before } of inView) {
      const moved = before - top(child);
      if (Math.abs(moved) >= 1) slide(child, moved);
    }
  }
}

/** Shows an element `from` pixels below its place, and lets it go there. */
function slide(target: Element, from: number): void {
  target.animate([{ transform: `translateY(${from}px)` }, { transform: 'none' }], {
    duration: glideTime,
    easing: 'ease-out',
    composite: 'add',
  });
}

function holdColumns(table: HTMLTableElement): void {
  const cells = [...(table.rows[0]?.cells ?? [])];
  const widths = cells.map((cell) => cell.getBoundingClientRect().width);
  table.style.width = `${table.getBoundingClientRect().width}px`;
  table.style.tableLayout = 'fixed';
  cells.forEach((cell, index) => {
    cell.style.width = `${widths[index]!}px`;
  });
}

function freeColumns(table: HTMLTableElement): void {
  for (const part of [table, ...(table.rows[0]?.cells ?? [])]) part.style.width = '';
  table.style.tableLayout = '';
}
