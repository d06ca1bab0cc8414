/** A text that is being written: what is there, its newest words marked, and gaps for what is still to come. */
import { BlockRenderer } from '../../src/core/render/blocks.js';
import type { Stretch } from '../../src/core/render/stretches.js';
import { element, setAttributes } from './dom.js';
import { freshRuns } from './freshness.js';
import { toNodes } from './sanitize.js';
import type { Filling } from './scene.js';

export type TextFilling = Filling & { readonly kind: 'text' };

const renderer = new BlockRenderer();
/** Widths of gaps, in characters: as uneven as words are. */
const gapWidths = [5, 3, 7, 4, 6, 2, 8, 4, 3, 6];
/** Milliseconds from one breath of the gaps to the next. */
const breath = 3600;
const shown = new WeakMap<Element, TextFilling>();

/** Shows each filling in its hole. */
export function fillTexts(fillings: ReadonlyMap<HTMLElement, TextFilling>): void {
  const changed = [...fillings].filter(([hole, filling]) => {
    const before = shown.get(hole);
    return !before || !isSame(before, filling);
  });
  const contents = toNodes(changed.map(([, filling]) => renderText(filling)));
  changed.forEach(([hole, filling], index) => {
    shown.set(hole, filling);
    fillText(hole, filling, contents[index]!);
  });
}

function fillText(
  hole: HTMLElement,
  { text, form, missing, t }: TextFilling,
  content: readonly Node[],
): void {
  setAttributes(hole, {
    'data-state': t === undefined ? 'idle' : t >= 1 ? 'done' : 'live',
    'data-form': form,
    'data-empty': text.trim() === '' && missing === 0,
  });
  hole.style.setProperty('--t', String(t ?? 0));
  const isBlock = form === 'block';
  // Made anew rather than patched: a word that stands elsewhere now is not the same word moved.
  const written = element(isBlock ? 'div' : 'span', { class: 'written' });
  written.append(...content);
  hole.replaceChildren(written, ...(missing > 0 ? [gaps(missing, isBlock)] : []));
}

function isSame(a: TextFilling, b: TextFilling): boolean {
  return (
    a.text === b.text && a.missing === b.missing && a.t === b.t && a.ages === b.ages && a.form === b.form
  );
}

function renderText({ text, form, ages }: TextFilling): string {
  const stretches = (ages ? freshRuns(text, ages) : []).map(({ start, end, age }): Stretch => ({
    id: `age${age}`,
    kind: 'change',
    form: 'inline',
    range: { start, end },
  }));
  if (form !== 'block') return renderer.renderInline(text, stretches);
  return renderer
    .render(text, { stretches })
    .map(({ html }) => html)
    .join('');
}

function gaps(count: number, asBlock: boolean): HTMLElement {
  const words = Array.from({ length: count }, (_, index) =>
    element('i', { class: `gap gap-${gapWidths[index % gapWidths.length]!}` }),
  );
  const made = element(
    asBlock ? 'p' : 'span',
    { class: 'gaps', 'aria-hidden': 'true' },
    ...words.flatMap((word) => [' ', word]),
  );
  // They breathe on where those before them were.
  made.style.animationDelay = `${-Math.round(performance.now() % breath)}ms`;
  return made;
}
