import type { FromPreview, PreviewHunk } from '../../src/protocol/preview-messages.js';
import { decisionButtons, describeDecision, nameOf } from './decision.js';
import { button, element, setAttributes, setText } from './dom.js';
import type { PageModel } from './page-model.js';
import type { Scene } from './scene.js';
import { say } from './strings.js';

/** Pixels between two notes. */
const gap = 4;

interface Note {
  readonly root: HTMLElement;
  readonly decision: HTMLElement;
  readonly variant: HTMLElement;
  hunk: PreviewHunk;
}

/** What can be done about each change, in the margin beside it. */
export class HunkNotes {
  readonly root = element('div', { class: 'notes' });
  readonly #model: PageModel;
  readonly #send: (message: FromPreview) => void;
  readonly #notes = new Map<string, Note>();

  constructor(model: PageModel, send: (message: FromPreview) => void) {
    this.#model = model;
    this.#send = send;
  }

  /** Shows the notes of the scene's hunks beside their places in `article`. */
  update(article: HTMLElement, scene: Scene | undefined): void {
    const hunks = scene && scene.hunks.size > 0 ? this.#model.openHunks : [];
    const wanted = new Set(hunks.map(({ id }) => id));
    for (const [id, { root }] of this.#notes) {
      if (wanted.has(id)) continue;
      root.remove();
      this.#notes.delete(id);
    }
    hunks.forEach((hunk, index) => {
      const note = this.#notes.get(hunk.id) ?? this.#create(hunk);
      note.hunk = hunk;
      this.#describe(note, index, hunks.length);
      if (this.root.children[index] !== note.root)
        this.root.insertBefore(note.root, this.root.children[index] ?? null);
    });
    this.place(article, scene);
  }

  /** Puts the notes beside their changes again, after these have moved. */
  place(article: HTMLElement, scene: Scene | undefined): void {
    if (!scene || this.#notes.size === 0) return;
    const places = placesOf(article, scene);
    const top = article.getBoundingClientRect().top;
    const heights = [...this.#notes.values()].map(({ root }) => root.offsetHeight);
    let free = 0;
    [...this.#notes.values()]
      .map((note, index) => {
        const elements = places.get(note.hunk.id) ?? [];
        const rect = elements[0]?.getBoundingClientRect();
        for (const marked of elements) {
          setAttributes(marked, {
            'data-current': note.hunk.id === this.#model.hunk?.id,
            'data-displaced': note.hunk.state === 'displaced',
          });
        }
        return { note, height: heights[index]!, wanted: rect ? rect.top - top : free };
      })
      .sort((a, b) => a.wanted - b.wanted)
      .forEach(({ note, height, wanted }) => {
        const place = Math.max(wanted, free);
        note.root.style.transform = `translateY(${Math.round(place)}px)`;
        free = place + height + gap;
      });
  }

  #create(hunk: PreviewHunk): Note {
    const { id } = hunk;
    const flip = (by: number) => () => {
      const { index, count } = this.#notes.get(id)!.hunk.variant;
      this.#send({ type: 'choose-variant', hunkId: id, index: (index + by + count) % count });
    };
    const variant = element(
      'div',
      { class: 'variants', role: 'group' },
      button({ icon: 'previous', label: say('previousVariant'), kind: 'quiet' }, flip(-1)),
      element('span', { class: 'variant-label' }),
      button({ icon: 'next', label: say('nextVariant'), kind: 'quiet' }, flip(1)),
    );
    const decision = decisionButtons(id, this.#send);
    const root = element('div', { class: 'note', role: 'group' }, decision, variant);
    root.addEventListener('focusin', () => {
      this.#model.selectHunk(id);
    });
    root.addEventListener('pointerenter', () => {
      this.#model.selectHunk(id);
    });
    const note = { root, decision, variant, hunk };
    this.#notes.set(id, note);
    return note;
  }

  #describe({ root, decision, variant, hunk }: Note, index: number, count: number): void {
    const name = nameOf(hunk);
    const isDisplaced = hunk.state === 'displaced';
    setAttributes(root, {
      'aria-label': say('suggestion', index + 1, count, isDisplaced ? say('displaced') : name),
      'data-state': hunk.state,
      'data-current': hunk.id === this.#model.hunk?.id,
      'data-hunk': hunk.id,
      title: isDisplaced ? say('displaced') : undefined,
    });
    describeDecision(decision, hunk, index);
    variant.hidden = hunk.variant.count < 2;
    const place = say('variant', hunk.variant.index + 1, hunk.variant.count);
    setAttributes(variant, { 'aria-label': place, title: place });
    setText(variant.querySelector('.variant-label')!, `${hunk.variant.index + 1}/${hunk.variant.count}`);
  }
}

/** The elements that show each hunk, by its id. */
export function placesOf(article: HTMLElement, scene: Scene): ReadonlyMap<string, HTMLElement[]> {
  const places = new Map<string, HTMLElement[]>();
  for (const found of article.querySelectorAll<HTMLElement>('[data-change], [data-hole], [data-picture]')) {
    const { change, hole, picture } = found.dataset;
    const hunk = scene.hunks.get(change ?? hole ?? picture ?? '');
    if (!hunk) continue;
    const known = places.get(hunk.id);
    if (known) known.push(found);
    else places.set(hunk.id, [found]);
  }
  return places;
}
