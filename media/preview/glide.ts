/** While a run is on, blocks with holes may grow but not shrink, and what stands below them glides rather than jumps. */

const glideTime = 220;

export class Glide {
  readonly #heights = new Map<Element, number>();
  readonly #observer: ResizeObserver;
  readonly #reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

  constructor() {
    // Called between layout and paint: what has moved is put back before it is seen, and then set going.
    this.#observer = new ResizeObserver((entries) => {
      for (const { target } of entries) this.#resized(target as HTMLElement);
    });
  }

  /** Holds these blocks at least at the height they have; those held before are let go unless they are among them. */
  hold(blocks: readonly HTMLElement[]): void {
    const wanted = new Set<Element>(blocks);
    for (const block of [...this.#heights.keys()]) {
      if (wanted.has(block)) continue;
      this.#heights.delete(block);
      this.#observer.unobserve(block);
      (block as HTMLElement).style.minHeight = '';
    }
    const added = blocks.filter((block) => !this.#heights.has(block));
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
    if (grown > 0 && !this.#isStill()) this.#glideBelow(block, grown);
  }

  #isStill(): boolean {
    return this.#reducedMotion.matches || document.body.classList.contains('vscode-reduce-motion');
  }

  #glideBelow(block: HTMLElement, by: number): void {
    const limit = window.innerHeight + by;
    const frames = [{ transform: `translateY(${-by}px)` }, { transform: 'none' }];
    for (let next = block.nextElementSibling; next; next = next.nextElementSibling) {
      if (next.getBoundingClientRect().top > limit) break;
      next.animate(frames, { duration: glideTime, easing: 'ease-out', composite: 'add' });
    }
  }
}
