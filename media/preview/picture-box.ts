/** A picture that is being made: a box of the finished picture's size, in which it comes out of noise. */
import {
  type PictureSource,
  type PreviewDocument,
  usualPictureSize,
} from '../../src/protocol/preview-messages.js';
import { element, setAttributes, setText } from './dom.js';
import { say } from './strings.js';
import type { Filling } from './scene.js';

type PictureFilling = Filling & { readonly kind: 'picture' };

/** The edge to which a preview of a few pixels is smoothed. */
const smoothEdge = 96;

/** Addresses of pictures that came as bytes. The oldest are given back: shown ones are asked for again and again. */
class PictureUrls {
  readonly #urls = new Map<Uint8Array, string>();
  readonly #most = 96;

  urlOf(source: PictureSource): string {
    if ('uri' in source) return source.uri;
    const known = this.#urls.get(source.png);
    const url = known ?? URL.createObjectURL(new Blob([source.png], { type: 'image/png' }));
    this.#urls.delete(source.png);
    this.#urls.set(source.png, url);
    const [oldest] = this.#urls;
    if (oldest && this.#urls.size > this.#most) {
      URL.revokeObjectURL(oldest[1]);
      this.#urls.delete(oldest[0]);
    }
    return url;
  }
}
const urls = new PictureUrls();

interface BoxState {
  /** What the rendering says that the picture shows. */
  readonly alt: string;
  preview?: PictureFilling['preview'];
  url?: string;
}
const states = new WeakMap<Element, BoxState>();

/** Shows `filling` in `box`; what is there already stays untouched. */
export function fillPicture(box: HTMLElement, filling: PictureFilling): void {
  const { size, preview, source, t } = filling;
  const state = states.get(box) ?? { alt: box.getAttribute('aria-label') ?? '' };
  const alt = filling.alt || state.alt;
  states.set(box, state);
  if (box.firstChild === null) {
    box.append(
      element('canvas', { width: smoothEdge, height: smoothEdge, 'aria-hidden': 'true' }),
      element('span', { class: 'slot-caption', 'aria-hidden': 'true' }),
      element('span', { class: 'meter', 'aria-hidden': 'true' }),
    );
  }
  box.style.setProperty('--size', `${size}px`);
  box.style.setProperty('--t', String(t ?? 0));
  const isEmpty = preview === undefined && source === undefined;
  setAttributes(box, {
    role: 'img',
    'aria-label': isEmpty ? say('pictureEmpty', alt) : alt === '' ? undefined : alt,
    'data-state': t === undefined ? (isEmpty ? 'empty' : 'done') : t >= 1 ? 'done' : 'live',
  });
  setText(box.querySelector('.slot-caption')!, isEmpty ? alt : '');
  if (preview !== undefined && preview !== state.preview) drawPreview(box.querySelector('canvas')!, preview);
  state.preview = preview;
  showSource(box, state, source === undefined ? undefined : urls.urlOf(source));
}

/** A finished picture without a box's states: one side of a change. */
export function showPicture(
  box: HTMLElement,
  picture: PreviewDocument['hunkPictures'][number] | undefined,
): void {
  const { source, size = usualPictureSize } = picture ?? { source: undefined };
  fillPicture(box, { kind: 'picture', alt: '', size, preview: undefined, source, t: undefined });
}

function showSource(box: HTMLElement, state: BoxState, url: string | undefined): void {
  if (state.url === url) return;
  if (url === undefined) delete state.url;
  else state.url = url;
  const old = box.querySelector('img');
  if (url === undefined) {
    old?.remove();
    return;
  }
  // Put in only once it is decoded: until then the preview stays, and nothing flashes.
  const image = element('img', { alt: '' });
  image.src = url;
  const put = (): void => {
    if (state.url !== url) return;
    box.querySelector('img')?.remove();
    box.querySelector('canvas')?.after(image);
  };
  image.decode().then(put, put);
}

/** Where a preview lies in its own size before it is smoothed; one for all of them. */
const small = new OffscreenCanvas(1, 1).getContext('2d')!;

function drawPreview(
  canvas: HTMLCanvasElement,
  { width, height, rgb }: NonNullable<PictureFilling['preview']>,
): void {
  if (width < 1 || height < 1 || rgb.length !== 3 * width * height || width * height > 1 << 20) return;
  const pixels = new ImageData(width, height);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    pixels.data[to] = rgb[from]!;
    pixels.data[to + 1] = rgb[from + 1]!;
    pixels.data[to + 2] = rgb[from + 2]!;
    pixels.data[to + 3] = 255;
  }
  if (small.canvas.width !== width || small.canvas.height !== height) {
    small.canvas.width = width;
    small.canvas.height = height;
  }
  small.putImageData(pixels, 0, 0);
  const context = canvas.getContext('2d')!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(small.canvas, 0, 0, canvas.width, canvas.height);
}
