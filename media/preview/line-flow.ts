/** Where in the lines of its block an inline element begins and ends. */
export interface LineFlow {
  /** Pixels from the beginning of the element's first line, whole lines counting as their width. */
  readonly start: number;
  readonly end: number;
  /** Of a line, in pixels. */
  readonly width: number;
  /** Of the block's font, in pixels. */
  readonly em: number;
}

/** Undefined for what is not shown, or has no room. */
export function lineFlow(inline: HTMLElement): LineFlow | undefined {
  const rects = inline.getClientRects();
  const first = rects[0];
  const last = rects[rects.length - 1];
  const block = blockOf(inline);
  if (!first || !last || !block) return undefined;
  const style = getComputedStyle(block);
  const [paddingLeft, paddingRight, lineHeight, em] = [
    style.paddingLeft,
    style.paddingRight,
    style.lineHeight,
    style.fontSize,
  ].map(parseFloat) as [number, number, number, number];
  const box = block.getBoundingClientRect();
  const left = box.left + block.clientLeft + paddingLeft;
  const width = box.width - (block.offsetWidth - block.clientWidth) - paddingLeft - paddingRight;
  if (!(width > em)) return undefined;
  const lines = Math.round((last.bottom - first.bottom) / lineHeight);
  return { start: first.left - left, end: last.right - left + lines * width, width, em };
}

function blockOf(inline: HTMLElement): HTMLElement | undefined {
  let at = inline.parentElement;
  while (at && getComputedStyle(at).display === 'inline') at = at.parentElement;
  return at ?? undefined;
}
