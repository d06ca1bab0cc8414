import { BlockRenderer } from '../../src/core/render/blocks.js';
import { BlockList } from './block-list.js';
import { element } from './dom.js';
import { fillScene, toFill } from './fill-scene.js';
import { Glide } from './glide.js';
import type { Scene } from './scene.js';

export interface PictureOptions {
  readonly addresses: ReadonlyMap<string, string>;
  readonly remote: boolean;
}

/** The rendered document. It shows one scene after the other with the least change to its elements. */
export class DocumentView {
  readonly root: HTMLElement;
  readonly #renderer = new BlockRenderer();
  readonly #blocks: BlockList;
  readonly #glide: Glide;
  readonly #onShown: () => void;
  /** Holes and pictures that the page fills. Those whose blocks have gone are left out at the next filling. */
  readonly #toFill = new Set<HTMLElement>();
  #scene: Scene | undefined;
  #hasRemote = false;
  #options: PictureOptions = { addresses: new Map(), remote: false };

  /** `onShown` is called after elements have come or gone. */
  constructor(label: string, onShown: () => void = () => undefined) {
    this.root = element('article', { class: 'document', 'aria-label': label });
    this.#glide = new Glide();
    this.#onShown = onShown;
    this.#blocks = new BlockList(this.root, (blocks) => {
      const found = blocks.flatMap((block) => [...block.querySelectorAll<HTMLElement>(toFill)]);
      for (const target of found) this.#toFill.add(target);
      this.#hasRemote ||= blocks.some((block) => block.querySelector('[data-remote]') !== null);
      this.#fill(found);
      this.#onShown();
    });
  }

  /** Whether a picture was left out because it is somewhere else. */
  get hasRemotePictures(): boolean {
    return this.#hasRemote;
  }

  /** Whether all of the document is there: a long one comes piece by piece. */
  get isComplete(): boolean {
    return this.#blocks.isComplete;
  }

  get scene(): Scene | undefined {
    return this.#scene;
  }

  show(scene: Scene, options: PictureOptions): void {
    const before = this.#scene;
    const isSameStructure =
      before?.text === scene.text &&
      sameJson(before.stretches, scene.stretches) &&
      options.remote === this.#options.remote &&
      sameJson([...options.addresses], [...this.#options.addresses]);
    this.#scene = scene;
    this.#options = options;
    if (!isSameStructure) {
      if (options.remote) this.#hasRemote = false;
      this.#blocks.show(
        this.#renderer.render(scene.text, {
          stretches: scene.stretches,
          pictures: options.addresses,
          remotePictures: options.remote,
        }),
      );
    }
    for (const target of this.#toFill) if (!target.isConnected) this.#toFill.delete(target);
    this.#fill(this.#toFill);
    this.#glide.hold(scene.isLive ? this.#blocksWithHoles() : []);
  }

  /** The offset in the document of what is at `y` pixels below the top of the view. */
  offsetAt(y: number): number {
    const offset = this.#offsetAt(y);
    return this.#scene?.places?.toDocument(offset) ?? offset;
  }

  /** Where, in pixels below the top of the view, the document's text at `offset` is shown. */
  placeOf(offset: number): number {
    return this.#placeOf(this.#scene?.places?.fromDocument(offset) ?? offset);
  }

  #offsetAt(y: number): number {
    const items = this.#blocks.items;
    const index = lastIndex(items.length, (at) => this.#topOf(items[at]!.node) <= y);
    const item = items[index];
    if (!item) return 0;
    const start = item.block.start;
    const end = items[index + 1]?.block.start ?? this.#scene?.text.length ?? start;
    const share = (y - this.#topOf(item.node)) / Math.max(1, item.node.offsetHeight);
    return Math.round(start + (end - start) * Math.min(1, Math.max(0, share)));
  }

  #placeOf(offset: number): number {
    const items = this.#blocks.items;
    const index = lastIndex(items.length, (at) => items[at]!.block.start <= offset);
    const item = items[index];
    if (!item) return 0;
    const start = item.block.start;
    const end = items[index + 1]?.block.start ?? this.#scene?.text.length ?? start;
    const share = Math.min(1, (offset - start) / Math.max(1, end - start));
    return this.#topOf(item.node) + share * item.node.offsetHeight;
  }

  #topOf(node: HTMLElement): number {
    return node.getBoundingClientRect().top - this.root.getBoundingClientRect().top;
  }

  dispose(): void {
    this.#blocks.dispose();
    this.#glide.dispose();
  }

  #fill(targets: Iterable<HTMLElement>): void {
    if (this.#scene) fillScene(this.#scene, targets);
  }

  #blocksWithHoles(): HTMLElement[] {
    const blocks = [...this.#toFill].flatMap((target) => target.closest<HTMLElement>('.block') ?? []);
    return [...new Set(blocks)];
  }
}

const sameJson = (a: unknown, b: unknown): boolean => a === b || JSON.stringify(a) === JSON.stringify(b);

/** The last index, of those from 0 up to `length` for which a condition holds from the first on; −1 if for none. */
function lastIndex(length: number, holds: (index: number) => boolean): number {
  let low = -1;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}
