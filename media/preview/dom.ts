/** Making elements: the page builds its controls by hand, because a framework would weigh more than all of them. */

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes (false and undefined leave one out) and children; texts are text, never HTML. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) target.removeAttribute(key);
    else if (target.getAttribute(key) !== String(value))
      target.setAttribute(key, value === true ? '' : String(value));
  }
}

/** Writes only what differs: what stays the same costs no layout. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}

const icons = {
  accept: 'M3 8.5 6.5 12 13 4.5',
  reject: 'M4 4l8 8M12 4l-8 8',
  stop: 'M4.5 4.5h7v7h-7z',
  play: 'M5 3.5v9l7.5-4.5z',
  pause: 'M5.5 3.5v9M10.5 3.5v9',
  previous: 'M10 3.5 5.5 8l4.5 4.5',
  next: 'M6 3.5 10.5 8 6 12.5',
  up: 'M3.5 10 8 5.5l4.5 4.5',
  down: 'M3.5 6 8 10.5 12.5 6',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  again: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  dice: 'M3 3h10v10H3zM5.8 5.8h.01M10.2 5.8h.01M8 8h.01M5.8 10.2h.01M10.2 10.2h.01',
} as const;
type IconName = keyof typeof icons;

/** A small line drawing; what it means is said by the control that it is in. */
export function icon(name: IconName): SVGSVGElement {
  const namespace = 'http://www.w3.org/2000/svg';
  const drawing = document.createElementNS(namespace, 'svg');
  setAttributes(drawing, { viewBox: '0 0 16 16', class: 'icon', 'aria-hidden': 'true', focusable: 'false' });
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', icons[name]);
  drawing.append(path);
  return drawing;
}

interface ButtonLook {
  readonly icon?: IconName;
  /** Shown, or only read aloud (and as a tip) when `quiet`. */
  readonly label: string;
  readonly title?: string;
  readonly kind?: 'primary' | 'plain' | 'quiet';
}

/** A button; `quiet` ones show their icon alone. */
export function button(look: ButtonLook, onClick: () => void): HTMLButtonElement {
  const { kind = 'plain', label } = look;
  const made = element('button', {
    type: 'button',
    class: `button ${kind}`,
    title: look.title ?? (kind === 'quiet' ? label : undefined),
    'aria-label': kind === 'quiet' ? label : undefined,
  });
  if (look.icon) made.append(icon(look.icon));
  if (kind !== 'quiet') made.append(element('span', {}, label));
  made.addEventListener('click', onClick);
  return made;
}
