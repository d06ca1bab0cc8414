/**
 * While a run is on, blocks with holes may grow but not shrink, tables keep their columns, and what stands below glides
 * rather than jumps.
 */

import { isStill } from './motion.js';

/** Milliseconds. */
const glideTime = 220;

export class Glide {
  readonly #heights = new Map<Element, number>();
  readonly #observer: ResizeObserver;

  constructor() {
    // Called between layout and paint: what has moved is put back before it is seen, and then set going.
    this.#observer = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#resized(target as HTMLElement);
    });
  }

  /** Holds these blocks at least at the height they have; those held before are let go unless they are among them. */
  hold(blocks: readonly HTMLElement[]): void {
    const wanted = new Set<Element>(blocks);
    const released = [...this.#heights.keys()].filter((block) => !wanted.has(block)) as HTMLElement[];
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
  }

  #resized(block: HTMLElement): void {
    const before = this.#heights.get(block);
    if (before === undefined) return;
    const now = block.getBoundingClientRect().height;
    const grown = now - before;
    if (Math.abs(grown) < 0.5) return;
    this.#heights.set(block, now);
    block.style.minHeight = `${now}px`;
    if (grown > 0 && !isStill()) this.#glideBelow(block, grown);
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

  #glideBelow(block: HTMLElement, by: number): void {
    const limit = window.innerHeight + by;
    // The rest of its section, and then the sections below as they are.
    for (const start of [block, block.parentElement]) {
      for (let next = start?.nextElementSibling; next; next = next.nextElementSibling) {
        if (next.getBoundingClientRect().top > limit) return;
        slide(next, -by);
      }
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
