/** A text that is being written: what is there, its newest words marked, and gaps for what is still to come. */
import { BlockRenderer } from '../../src/core/render/blocks.js';
import type { Stretch } from '../../src/core/render/stretches.js';
import { element, setAttributes } from './dom.js';
import { freshRuns } from './freshness.js';
import { gaps, gapsInRoom } from './gaps.js';
import { lineFlow, type LineFlow } from './line-flow.js';
import { toNodes } from './sanitize.js';
import type { Filling } from './scene.js';

export type TextFilling = Filling & { readonly kind: 'text' };

const renderer = new BlockRenderer();
/** Words that a span within a line gets room for at once when it has used up what it had. */
const fewestNewWords = 3;
const shown = new WeakMap<Element, TextFilling>();

/**
 * Shows each filling in its hole. While a run is on (`isLive`) a hole within a line keeps its room, so that the rest of
 * the line stands still while words come in place of gaps, until they need more.
 */
export function fillTexts(fillings: ReadonlyMap<HTMLElement, TextFilling>, isLive: boolean): void {
  const changed = [...fillings].filter(([hole, filling]) => {
    const before = shown.get(hole);
    return !before || !isSame(before, filling);
  });
  const contents = toNodes(changed.map(([, filling]) => renderText(filling)));
  const kept = changed.map(([hole, filling]) => {
    const keepsRoom = isLive && filling.form !== 'block' && shown.has(hole);
    return keepsRoom ? lineFlow(hole) : undefined;
  });
  changed.forEach(([hole, filling], index) => {
    shown.set(hole, filling);
    writeText(hole, filling, contents[index]!);
  });
  // All are measured before any is changed again: one layout for all.
  const written = changed.map(([hole], index) => (kept[index] ? lineFlow(hole) : undefined));
  changed.forEach(([hole, filling], index) => {
    addGaps(hole, filling, kept[index], written[index]);
  });
}

function writeText(hole: HTMLElement, { form, t }: TextFilling, content: readonly Node[]): void {
  setAttributes(hole, {
    'data-state': t === undefined ? 'idle' : t >= 1 ? 'done' : 'live',
    'data-form': form,
  });
  hole.style.setProperty('--t', String(t ?? 0));
  // Made anew rather than patched: a word that stands elsewhere now is not the same word moved.
  const written = element(form === 'block' ? 'div' : 'span', { class: 'written' });
  written.append(...content);
  hole.replaceChildren(written);
}

/** Gaps for what is missing; from the second filling of a run on, as many as the room that there was has place for. */
function addGaps(
  hole: HTMLElement,
  { form, missing }: TextFilling,
  kept: LineFlow | undefined,
  written: LineFlow | undefined,
): void {
  const room = kept && written ? kept.end - kept.start - (written.end - written.start) : undefined;
  if (room === undefined || room < 0) {
    const count = room === undefined ? missing : Math.max(missing, fewestNewWords);
    if (count > 0) hole.append(gaps(count, form === 'block'));
  } else if (room >= 1) {
    hole.append(gapsInRoom(room, written!));
  }
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
