import { BlockRenderer, type RenderedBlock } from '../../src/core/render/blocks.js';
import type { FromPreview, PreviewHunk } from '../../src/protocol/preview-messages.js';
import { decisionButtons, describeDecision } from './decision.js';
import { element } from './dom.js';
import type { PictureOptions } from './document-view.js';
import { fillScene, toFill } from './fill-scene.js';
import type { PageModel } from './page-model.js';
import { toNodes } from './sanitize.js';
import { reviewScene, type Scene } from './scene.js';
import { say } from './strings.js';

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
  readonly #send: (message: FromPreview) => void;

  constructor(send: (message: FromPreview) => void) {
    this.#send = send;
  }

  show(model: PageModel, options: PictureOptions): void {
    const before = this.#render(this.#before, reviewScene(model, 'before'), options);
    const after = this.#render(this.#after, reviewScene(model, 'after'), options);
    const rows: Row[] = [];
    const { openHunks } = model;
    for (const hunk of openHunks) {
      const row = {
        hunks: [hunk],
        left: blocksAt(before.blocks, hunk.range),
        right: blocksAt(after.blocks, hunk.range),
      };
      const last = rows.at(-1);
      // Changes of one block share a row.
      if (last && row.left[0] < last.left[1] && row.right[0] < last.right[1]) {
        rows[rows.length - 1] = { ...last, hunks: [...last.hunks, hunk] };
      } else rows.push(row);
    }
    const head = element(
      'div',
      { class: 'comparison-row head', role: 'row' },
      element('div', { role: 'columnheader' }, say('before')),
      element('div', { role: 'columnheader' }, say('after')),
      element('div', { role: 'columnheader', class: 'comparison-actions' }),
    );
    const made = rows.map(({ hunks, left, right }) =>
      element(
        'div',
        { class: 'comparison-row', role: 'row' },
        cell(before, left, 'before'),
        cell(after, right, 'after'),
        element(
          'div',
          { class: 'comparison-actions', role: 'cell' },
          ...hunks.map((hunk) => {
            const buttons = decisionButtons(hunk.id, this.#send);
            describeDecision(buttons, hunk, openHunks.indexOf(hunk));
            return buttons;
          }),
        ),
      ),
    );
    this.root.replaceChildren(
      ...(made.length > 0 ? [head, ...made] : [element('p', { class: 'empty' }, say('noSuggestion'))]),
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

/** Blocks that belong together on both sides, and the changes in them. */
interface Row {
  readonly hunks: readonly PreviewHunk[];
  readonly left: Span;
  readonly right: Span;
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

function cell({ scene, blocks }: Side, [first, end]: Span, side: 'before' | 'after'): HTMLElement {
  const made = element('div', { class: `document ${side}`, role: 'cell' });
  const contents = toNodes(blocks.slice(first, end).map(({ html }) => html));
  made.append(...contents.map((nodes) => element('div', { class: 'block' }, ...nodes)));
  fillScene(scene, made.querySelectorAll<HTMLElement>(toFill));
  return made;
}
