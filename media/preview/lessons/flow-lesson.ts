import { button, element, setAttributes } from '../dom.js';
import { oneDigit, say } from '../strings.js';
import { between, follow, noise, pairing, type Point, spiral, velocity } from './flow-field.js';

const dataCount = 120;
const followerCount = 14;
/** Euler steps of the points that follow the field: as many as the model that ships takes by itself. */
const steps = 24;
/** Milliseconds from noise to data. */
const duration = 5000;
/** Half the width of what is drawn, in standard deviations of the noise. */
const reach = 2.5;

/** A picture of flow matching: pairs on straight paths, the velocity field, and new points that follow it. */
export class FlowLesson {
  readonly root: HTMLElement;
  readonly #canvas = element('canvas', { class: 'flow-canvas', role: 'img' });
  readonly #time = element('input', { type: 'range', class: 'slider', min: 0, max: 1, step: 0.01, value: 0 });
  readonly #field = element('input', { type: 'checkbox', checked: true });
  readonly #paths = element('input', { type: 'checkbox', checked: true });
  readonly #data = spiral(dataCount);
  #seed = 1;
  #noise: readonly Point[] = [];
  #pairs: readonly number[] = [];
  #followers: readonly (readonly Point[])[] = [];
  #started: number | undefined;
  #frame: number | undefined;
  #isShown = false;

  constructor() {
    setAttributes(this.#time, { 'aria-label': say('flowTime') });
    const repaint = (): void => {
      this.#started = undefined;
      this.#requestPaint();
    };
    for (const control of [this.#time, this.#field, this.#paths]) control.addEventListener('input', repaint);
    const play = button({ icon: 'play', label: say('flowPlay'), kind: 'primary' }, () => {
      this.#started = performance.now();
      this.#requestPaint();
    });
    const again = button({ icon: 'dice', label: say('flowAgain') }, () => {
      this.#draw(this.#seed + 1);
      repaint();
    });
    this.root = element(
      'section',
      { class: 'lesson' },
      element('h2', {}, say('flowTitle')),
      element('p', {}, say('flowText')),
      this.#canvas,
      element(
        'div',
        { class: 'lesson-controls' },
        play,
        again,
        element('label', { class: 'grow' }, element('span', {}, say('flowTime')), this.#time),
        element(
          'div',
          { class: 'lesson-choices' },
          element('label', {}, this.#field, element('span', {}, say('flowField'))),
          element('label', {}, this.#paths, element('span', {}, say('flowPaths'))),
        ),
      ),
      element('p', { class: 'formula' }, say('flowFormula')),
    );
    this.#draw(1);
    new ResizeObserver(() => {
      this.#requestPaint();
    }).observe(this.#canvas);
  }

  setShown(isShown: boolean): void {
    if (this.#isShown === isShown) return;
    this.#isShown = isShown;
    if (isShown) this.#requestPaint();
    else this.#started = undefined;
  }

  #draw(seed: number): void {
    this.#seed = seed;
    this.#noise = noise(seed, dataCount);
    this.#pairs = pairing(seed, dataCount, dataCount);
    this.#followers = noise(seed + 1000, followerCount).map((start) => follow(this.#data, start, steps));
  }

  #requestPaint(): void {
    if (!this.#isShown || this.#frame !== undefined) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = undefined;
      if (this.#started !== undefined) {
        const t = Math.min(1, (now - this.#started) / duration);
        this.#time.value = String(t);
        if (t >= 1) this.#started = undefined;
      }
      this.#paint(Number(this.#time.value));
      if (this.#started !== undefined) this.#requestPaint();
    });
  }

  #paint(t: number): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    const context = this.#canvas.getContext('2d');
    if (!context || width === 0) return;
    const ratio = window.devicePixelRatio;
    this.#canvas.width = width * ratio;
    this.#canvas.height = height * ratio;
    const scale = (Math.min(width, height) / 2 / reach) * ratio;
    context.setTransform(scale, 0, 0, scale, (width * ratio) / 2, (height * ratio) / 2);
    setAttributes(this.#canvas, { 'aria-label': say('flowCanvas', oneDigit(t)) });
    this.#time.style.setProperty('--at', String(t));
    const colors = getComputedStyle(this.#canvas);
    const color = (name: string): string => colors.getPropertyValue(name).trim();
    const pixel = ratio / scale;
    const wide = (width / height) * reach;
    if (this.#field.checked) this.#paintField(context, t, color('--flow-field'), pixel, wide);
    this.#paintPairs(context, t, color('--flow-pair'), color('--flow-path'), pixel);
    this.#paintFollowers(context, t, color('--flow-follower'), pixel);
  }

  #paintField(
    context: CanvasRenderingContext2D,
    t: number,
    color: string,
    pixel: number,
    wide: number,
  ): void {
    context.strokeStyle = color;
    context.lineWidth = 1.25 * pixel;
    context.beginPath();
    const spacing = 0.42;
    // The field has no value at t = 1: there is nothing left to flow.
    const time = Math.min(t, 0.96);
    for (let y = -reach + spacing / 2; y < reach; y += spacing) {
      for (let x = -Math.floor(wide / spacing) * spacing; x <= wide; x += spacing) {
        const v = velocity(this.#data, { x, y }, time);
        const speed = Math.hypot(v.x, v.y);
        const length = 0.34 * Math.tanh(speed / 2.5);
        const [dx, dy] = [(v.x / speed) * length, (v.y / speed) * length];
        const [endX, endY] = [x + dx / 2, y + dy / 2];
        context.moveTo(x - dx / 2, y - dy / 2);
        context.lineTo(endX, endY);
        context.moveTo(endX - 0.35 * dx - 0.2 * dy, endY - 0.35 * dy + 0.2 * dx);
        context.lineTo(endX, endY);
        context.lineTo(endX - 0.35 * dx + 0.2 * dy, endY - 0.35 * dy - 0.2 * dx);
      }
    }
    context.stroke();
  }

  #paintPairs(
    context: CanvasRenderingContext2D,
    t: number,
    color: string,
    pathColor: string,
    pixel: number,
  ): void {
    const ends = this.#pairs.map((index) => this.#data[index]!);
    if (this.#paths.checked) {
      context.strokeStyle = pathColor;
      context.lineWidth = 0.75 * pixel;
      context.beginPath();
      ends.forEach((end, index) => {
        context.moveTo(this.#noise[index]!.x, this.#noise[index]!.y);
        context.lineTo(end.x, end.y);
      });
      context.stroke();
    }
    context.fillStyle = color;
    ends.forEach((end, index) => {
      dot(context, between(this.#noise[index]!, end, t), 2.2 * pixel);
    });
  }

  #paintFollowers(context: CanvasRenderingContext2D, t: number, color: string, pixel: number): void {
    context.strokeStyle = color;
    context.fillStyle = color;
    context.lineWidth = 1.75 * pixel;
    for (const path of this.#followers) {
      const place = t * steps;
      const index = Math.min(Math.floor(place), steps - 1);
      const at = between(path[index]!, path[index + 1]!, place - index);
      context.beginPath();
      path.slice(0, index + 1).forEach(({ x, y }, step) => {
        if (step === 0) context.moveTo(x, y);
        else context.lineTo(x, y);
      });
      context.lineTo(at.x, at.y);
      context.stroke();
      dot(context, at, 4 * pixel);
    }
  }
}

function dot(context: CanvasRenderingContext2D, { x, y }: Point, radius: number): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fill();
}
