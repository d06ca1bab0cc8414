import { createStream, Purpose, uniform } from '../../../src/core/flow/random.js';
import type { FromPreview, ToPreview } from '../../../src/protocol/preview-messages.js';
import { button, element, setAttributes, setText } from '../dom.js';
import { say } from '../strings.js';
import { Lane } from './lane.js';
import { stopButton } from './stop-button.js';

/** Edge of the noise, in pixels; the picture is shown larger. */
const noiseEdge = 64;
/** What the lesson's document calls its picture; the host writes that document. */
const pictureDestination = 'lesson.png';

/** An example that loses words and drowns in noise, and that the model puts together again. */
export class CorruptionLesson {
  readonly root: HTMLElement;
  readonly #send: (message: FromPreview) => void;
  readonly #slider = element('input', {
    type: 'range',
    class: 'slider',
    min: 0,
    max: 1,
    step: 0.01,
    value: 0.6,
  });
  readonly #label = element('output', { class: 'step-label' });
  readonly #deleted = new CorruptedText('deleted');
  readonly #masked = new CorruptedText('masked');
  readonly #noise = element('canvas', {
    class: 'noise',
    width: noiseEdge,
    height: noiseEdge,
    'aria-hidden': 'true',
  });
  readonly #pictureLabel = element('p', { class: 'caption' });
  readonly #restore: HTMLButtonElement;
  readonly #stop: HTMLButtonElement;
  readonly #note = element('p', { class: 'caption' });
  readonly #result: HTMLElement;
  readonly #lane: Lane;
  #seed = 1;
  #isRunning = false;
  #restriction: string | undefined;

  constructor(send: (message: FromPreview) => void, picture: string) {
    this.#send = send;
    setAttributes(this.#slider, { 'aria-label': say('corruptLabel') });
    this.#slider.addEventListener('input', () => {
      this.#update();
    });
    this.#restore = button({ icon: 'again', label: say('corruptRestore'), kind: 'primary' }, () => {
      this.#seed += 1;
      this.#send({ type: 'restore', strength: this.#strength, seed: this.#seed });
    });
    this.#stop = stopButton(send);
    this.#lane = new Lane(say('corruptRestored'), new Map([[pictureDestination, picture]]));
    this.#result = element(
      'div',
      { class: 'lesson-result', hidden: true },
      element('h3', {}, say('corruptRestored')),
      this.#lane.root,
    );
    const image = element('img', { src: picture, alt: say('corruptExampleAlt') });
    this.root = element(
      'section',
      { class: 'lesson' },
      element('h2', {}, say('corruptTitle')),
      element('p', {}, say('corruptText')),
      element(
        'div',
        { class: 'lesson-controls' },
        element('label', { class: 'grow' }, this.#label, this.#slider),
      ),
      element(
        'div',
        { class: 'corruption' },
        element('div', { class: 'corrupted-texts' }, this.#deleted.root, this.#masked.root),
        element(
          'figure',
          { class: 'corrupted-picture' },
          element('div', { class: 'layers' }, image, this.#noise),
          this.#pictureLabel,
        ),
      ),
      element('div', { class: 'lesson-controls' }, this.#restore, this.#stop, this.#note),
      this.#result,
    );
    drawNoise(this.#noise);
    this.#update();
  }

  setRestriction(restriction: string | undefined): void {
    this.#restriction = restriction;
    this.#update();
  }

  receive(message: ToPreview): void {
    if (message.type === 'run-started') {
      this.#lane.start(message.run);
      this.#result.hidden = false;
      this.#isRunning = true;
    } else if (message.type === 'run-ended') {
      this.#isRunning = false;
    }
    this.#lane.receive(message);
    this.#update();
  }

  get #strength(): number {
    return Number(this.#slider.value);
  }

  #update(): void {
    const strength = this.#strength;
    setText(this.#label, say('corruptSlider', strength));
    this.#slider.style.setProperty('--at', String(strength));
    this.#deleted.show(strength);
    this.#masked.show(strength);
    this.#noise.style.opacity = String(strength);
    setText(this.#pictureLabel, say('corruptPicture', Math.round(100 * strength)));
    this.#restore.disabled = this.#restriction !== undefined || this.#isRunning || strength === 0;
    this.#stop.hidden = !this.#isRunning;
    setText(
      this.#note,
      this.#restriction === undefined ? say('corruptNote') : say('lessonUnavailable', this.#restriction),
    );
  }
}

/** The example's words, some of them gone. Each goes at a strength of its own, so that the slider only adds to them. */
class CorruptedText {
  readonly root: HTMLElement;
  readonly #kind: 'deleted' | 'masked';
  readonly #words: readonly { readonly node: HTMLElement; readonly goesAt: number }[];
  readonly #caption = element('p', { class: 'caption' });

  constructor(kind: 'deleted' | 'masked') {
    this.#kind = kind;
    const stream = createStream(7, kind);
    this.#words = say('corruptExample')
      .split(' ')
      .map((word, index) => ({
        node: element('span', { class: 'word' }, word),
        goesAt: uniform(stream, Purpose.Keep, 0, index),
      }));
    const text = element(
      'p',
      { class: `corrupted ${kind}` },
      ...this.#words.flatMap(({ node }) => [node, ' ']),
    );
    this.root = element('div', {}, text, this.#caption);
  }

  show(strength: number): void {
    let left = 0;
    for (const { node, goesAt } of this.#words) {
      const isGone = goesAt < strength;
      if (!isGone) left += 1;
      node.classList.toggle('gone', isGone);
      setAttributes(node, { 'aria-hidden': isGone ? 'true' : undefined });
    }
    const count = this.#words.length;
    setText(
      this.#caption,
      this.#kind === 'deleted'
        ? say('corruptDeleted', left, count)
        : say('corruptMasked', count - left, count),
    );
  }
}

/** Normal noise around a middle grey, each colour on its own. */
function drawNoise(canvas: HTMLCanvasElement): void {
  const context = canvas.getContext('2d')!;
  const pixels = context.createImageData(noiseEdge, noiseEdge);
  const stream = createStream(7, 'noise');
  for (let index = 0; index < noiseEdge * noiseEdge * 4; index += 1) {
    // The sum of three uniform numbers is close to normal.
    const sum = [0, 1, 2].reduce((total, part) => total + uniform(stream, Purpose.Noise, part, index), 0);
    pixels.data[index] = index % 4 === 3 ? 255 : 128 + 85 * (sum - 1.5);
  }
  context.putImageData(pixels, 0, 0);
}
