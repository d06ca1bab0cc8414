import { BlockRenderer, type RenderedBlock } from '../../src/core/render/blocks.js';
import { element } from './dom.js';
import type { PictureOptions } from './document-view.js';
import type { PageModel } from './page-model.js';
import { fillPicture, showPicture } from './picture-box.js';
import { toFragment } from './sanitize.js';
import { reviewScene, type Scene } from './scene.js';
import { say } from './strings.js';
import { fillText } from './text-hole.js';

interface Side {
  readonly scene: Scene;
  readonly blocks: readonly RenderedBlock[];
}

/**
 * The changes with the document's blocks around them, rendered as they are and as they would be, side by side. What no
 * change touches is left out: between two changes stands a rule.
 */
export class ComparisonView {
  readonly root = element('div', { class: 'comparison', role: 'table', 'aria-label': say('side') });
  readonly #before = new BlockRenderer();
  readonly #after = new BlockRenderer();

  show(model: PageModel, options: PictureOptions): void {
    const before = this.#render(this.#before, reviewScene(model, 'before'), options);
    const after = this.#render(this.#after, reviewScene(model, 'after'), options);
    const rows = model.openHunks
      .map(({ range }) => [blocksAt(before.blocks, range), blocksAt(after.blocks, range)] as const)
      .filter(([left, right], index, all) => index === 0 || overlapsNot(all[index - 1]!, [left, right]));
    const head = element(
      'div',
      { class: 'comparison-row head', role: 'row' },
      element('div', { role: 'columnheader' }, say('before')),
      element('div', { role: 'columnheader' }, say('after')),
    );
    const made = rows.map(([left, right]) =>
      element('div', { class: 'comparison-row', role: 'row' }, cell(before, left), cell(after, right)),
    );
    this.root.replaceChildren(
      ...(made.length > 0 ? [head, ...made] : [element('p', { class: 'empty' }, say('nothingChanged'))]),
    );
  }

  #render(renderer: BlockRenderer, scene: Scene, { addresses, remote }: PictureOptions): Side {
    const { text, stretches } = scene;
    return {
      scene,
      blocks: renderer.render(text, { stretches, pictures: addresses, remotePictures: remote }),
    };
  }
}

/** Indices of the first block at a range of the source, and of the one after the last. */
type Span = readonly [first: number, end: number];

function blocksAt(
  blocks: readonly RenderedBlock[],
  range: { readonly start: number; readonly end: number },
): Span {
  const after = blocks.findIndex(({ start }) => start > range.start);
  const first = Math.max(0, (after < 0 ? blocks.length : after) - 1);
  const end = blocks.findIndex(({ start }, index) => index > first && start >= range.end);
  return [first, end < 0 ? blocks.length : end];
}

const overlapsNot = (above: readonly [Span, Span], below: readonly [Span, Span]): boolean =>
  below[0][0] >= above[0][1] || below[1][0] >= above[1][1];

function cell({ scene, blocks }: Side, [first, end]: Span): HTMLElement {
  const made = element('div', { class: 'document', role: 'cell' });
  for (const { html } of blocks.slice(first, end)) {
    const block = element('div', { class: 'block' });
    block.append(toFragment(html));
    made.append(block);
  }
  for (const hole of made.querySelectorAll<HTMLElement>('[data-hole]')) {
    const filling = scene.fillings.get(hole.dataset['hole']!);
    if (filling?.kind === 'text') fillText(hole, filling);
    else if (filling?.kind === 'picture' && hole.classList.contains('slot')) fillPicture(hole, filling);
  }
  for (const box of made.querySelectorAll<HTMLElement>('[data-picture]')) {
    showPicture(box, scene.pictures.get(box.dataset['picture']!));
  }
  return made;
}
