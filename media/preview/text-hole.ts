/** A text that is being written: what is there, its newest words marked, and gaps for what is still to come. */
import { BlockRenderer } from '../../src/core/render/blocks.js';
import type { Stretch } from '../../src/core/render/stretches.js';
import { element, setAttributes } from './dom.js';
import { freshRuns } from './freshness.js';
import { toFragment } from './sanitize.js';
import type { Filling } from './scene.js';

type TextFilling = Filling & { readonly kind: 'text' };

const renderer = new BlockRenderer();
/** Widths of gaps, in characters: as uneven as words are. */
const gapWidths = [5, 3, 7, 4, 6, 2, 8, 4, 3, 6];
/** Milliseconds from one breath of the gaps to the next. */
const breath = 3600;
const shown = new WeakMap<Element, TextFilling>();

/** Shows `filling` in `hole`. */
export function fillText(hole: HTMLElement, filling: TextFilling): void {
  const before = shown.get(hole);
  if (before && isSame(before, filling)) return;
  shown.set(hole, filling);
  const { text, form, missing, t } = filling;
  setAttributes(hole, {
    'data-state': t === undefined ? 'idle' : t >= 1 ? 'done' : 'live',
    'data-form': form,
    'data-empty': text.trim() === '' && missing === 0,
  });
  hole.style.setProperty('--t', String(t ?? 0));
  // Made anew rather than patched: a word that stands elsewhere now is not the same word moved.
  const written = element(form === 'block' ? 'div' : 'span', { class: 'written' });
  written.append(toFragment(renderText(filling)));
  hole.replaceChildren(written, ...(missing > 0 ? [gaps(missing, form === 'block')] : []));
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
