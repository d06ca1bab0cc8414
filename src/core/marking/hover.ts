/** What a hover tells about a mask. */
import type { Mask, Range } from '../document/types.js';
import { isBlank } from '../document/text.js';
import { optionsFor } from '../document/options.js';
import type { MaskPlace } from './places.js';

export interface MaskHover {
  /** What is pointed at. */
  readonly range: Range;
  readonly what: 'text' | 'empty-text' | 'slot' | 'picture';
  /** Pictures: what shall be drawn. */
  readonly alt?: string;
  /** A picture to redraw: where it is now, as written. */
  readonly destination?: string;
  readonly options: readonly { readonly name: string; readonly value: string; readonly meaning: string }[];
}

/** What to tell at `offset`: over the marks of a span, and all over a masked picture or slot. */
export function hoverAt(places: readonly MaskPlace[], offset: number): MaskHover | undefined {
  for (const { mask, marks, picture } of places) {
    const range = [...marks, ...(picture ? [picture] : [])].find(
      ({ start, end }) => start <= offset && offset < end,
    );
    if (!range) continue;
    return {
      range,
      what: whatOf(mask),
      ...(mask.alt !== undefined && { alt: mask.alt }),
      ...(mask.kind === 'image' && mask.form !== 'slot' && { destination: mask.before }),
      options: optionsFor(mask.kind).flatMap(({ name, meaning }) => {
        const value = mask.options[name];
        return value === undefined ? [] : [{ name, value: String(value), meaning }];
      }),
    };
  }
  return undefined;
}

function whatOf({ kind, form, before }: Mask): MaskHover['what'] {
  if (form === 'slot') return 'slot';
  if (kind === 'image') return 'picture';
  return isBlank(before) ? 'empty-text' : 'text';
}
