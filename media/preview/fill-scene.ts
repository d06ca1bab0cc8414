import { element } from './dom.js';
import { fillPicture, showPicture } from './picture-box.js';
import type { Scene } from './scene.js';
import { fillTexts, type TextFilling } from './text-hole.js';

/** Elements that the page fills. */
export const toFill = '[data-hole], [data-picture]';

/** Fills elements that match `toFill` with what a scene has for them. */
export function fillScene({ pictures, fillings, isLive }: Scene, targets: Iterable<HTMLElement>): void {
  const texts = new Map<HTMLElement, TextFilling>();
  for (const target of targets) {
    const { hole, picture } = target.dataset;
    const filling = fillings.get(hole ?? '');
    if (picture !== undefined) showPicture(target, pictures.get(picture));
    else if (filling?.kind === 'text') texts.set(target, filling);
    else if (filling?.kind === 'picture') fillPicture(pictureBox(target), filling);
  }
  fillTexts(texts, isLive);
}

/** A picture on lines of its own is redrawn in a box within its hole. */
function pictureBox(hole: HTMLElement): HTMLElement {
  if (hole.classList.contains('slot')) return hole;
  const box = hole.querySelector<HTMLElement>(':scope > .slot') ?? element('span', { class: 'slot' });
  if (!box.parentNode) hole.append(box);
  return box;
}
